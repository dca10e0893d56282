package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

class NoiseRangeTest {

	@Test
	void numbersAndRanges() {
		assertEquals(new NoiseRange(0.01, 0.01), NoiseRange.parse("0.01"));
		assertEquals(new NoiseRange(0, 0.02), NoiseRange.parse(" 0 - .02 "));
		assertEquals(new NoiseRange(1e-3, 2e-2), NoiseRange.parse("1e-3-2E-2"));
		assertEquals("0.01", NoiseRange.parse("0.01").toString());
		assertEquals("0.0 to 0.02", NoiseRange.parse("0-0.02").toString());
	}

	@Test
	void whatIsNoRangeIsRefusedWithItsText() {
		for (final String bad : List.of("much", "", "-0.1", "0.1-", "0.02-0.01", "2", "0-0-1")) {
			final String message = assertThrows(IllegalArgumentException.class, () -> NoiseRange.parse(bad), bad)
				.getMessage();
			assertTrue(message.contains("range"), message);
		}
	}
}

package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class PartTest {

	@Test
	void partsAreTheWholeAndAboutEqual() {
		final List<Integer> all = IntStream.range(0, 23).boxed().toList();
		for (final int n : new int[] { 1, 2, 5, 23, 40 }) {
			final List<Integer> together = new ArrayList<>();
			for (int i = 1; i <= n; i++) {
				final List<Integer> part = Part.parse(i + "/" + n).of(all);
				assertTrue(part.size() == 23 / n || part.size() == 23 / n + 1, n + " parts: " + part);
				together.addAll(part);
			}
			assertEquals(all, together.stream().sorted().toList());
		}
		assertEquals(all, Part.parse(Part.WHOLE).of(all));
		assertEquals(List.of(2, 7, 12, 17, 22), Part.parse(" 3 / 5").of(all));
	}

	@Test
	void mistakes() {
		for (final String text : List.of("", "3", "3/", "a/b", "-1/3", "1/3/5", "1.0/2"))
			assertTrue(assertThrows(IllegalArgumentException.class, () -> Part.parse(text)).getMessage().contains("3/50"), text);
		for (final String text : List.of("0/3", "4/3", "0/0"))
			assertTrue(assertThrows(IllegalArgumentException.class, () -> Part.parse(text)).getMessage().contains("no part"), text);
	}
}

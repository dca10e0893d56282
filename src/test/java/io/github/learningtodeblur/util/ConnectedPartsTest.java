package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

class ConnectedPartsTest {

	/**
	 * <pre>
	 * X X . .
	 * . . X .
	 * X . . X
	 * </pre>
	 */
	private static final boolean[] SET = { true, true, false, false, false, false, true, false, true, false, false, true };

	@Test
	void cornersMayConnect() {
		final List<int[]> parts = ConnectedParts.of(SET, 4, 3, true);
		assertEquals(2, parts.size());
		assertArrayEquals(new int[] { 0, 1, 6, 11 }, sorted(parts.get(0)));
		assertArrayEquals(new int[] { 8 }, parts.get(1));
	}

	@Test
	void orSidesOnly() {
		final List<int[]> parts = ConnectedParts.of(SET, 4, 3, false);
		assertEquals(4, parts.size());
		assertArrayEquals(new int[] { 0, 1 }, sorted(parts.get(0)));
		assertEquals(List.of(6, 8, 11), parts.stream().skip(1).map(p -> p[0]).toList());
	}

	/** The end of a row does not touch the beginning of the next. */
	@Test
	void rowsEnd() {
		assertEquals(2, ConnectedParts.of(new boolean[] { false, false, true, true, false, false }, 3, 2, true).size());
		assertEquals(List.of(), ConnectedParts.of(new boolean[6], 3, 2, true));
	}

	private static int[] sorted(final int[] part) {
		final int[] out = part.clone();
		Arrays.sort(out);
		return out;
	}
}

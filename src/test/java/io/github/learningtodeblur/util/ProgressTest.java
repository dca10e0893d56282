package io.github.learningtodeblur.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;

class ProgressTest {

	/** Two images, the second of which has two planes: the bar never goes back. */
	@Test
	void partsOfPartsAddUp() {
		final List<String> told = new ArrayList<>();
		final Progress whole = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {
				told.add(String.format(Locale.ROOT, "%.3f %s", (double) done / total, what));
			}

			@Override
			public boolean canceled() {
				return told.size() == 4;
			}
		};
		whole.part(0, 2, "").report(1, 4, "estimating");
		final Progress second = whole.part(1, 2, "second, ");
		second.part(0, 2, "").report(5, 5, "restoring");
		second.part(1, 2, "plane 2: ").report(0, 0, "reading");
		second.part(1, 2, "plane 2: ").report(1, 1, "restoring");
		assertEquals(List.of("0.125 estimating", "0.750 second, restoring",
			"0.750 second, plane 2: reading", "1.000 second, plane 2: restoring"), told);
		assertTrue(second.part(1, 2, "").canceled());
	}
}

package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.cli.SpreadCommand.Row;
import io.github.learningtodeblur.cli.SpreadCommand.View;
import io.github.learningtodeblur.util.Plane;

/** How far results differ over crops, turns and mirrors: by hand, without any deblurring. */
class SpreadTest {

	/** What is only turned, mirrored and cropped is the same picture where all views have it. */
	@Test
	void viewsLieWhereTheyWereTakenFrom() {
		final Plane image = new Plane(30, 25);
		for (int i = 0; i < image.pixels().length; i++)
			image.pixels()[i] = i;
		final HashSet<Plane> seen = new HashSet<>();
		for (final View view : View.ALL) {
			seen.add(view.of(image));
			assertEquals(View.common(image), view.back(view.of(image), 30, 25), view.name());
		}
		assertEquals(10, seen.size());
		assertTrue(View.common(image).width() > 15 && View.common(image).height() > 10);
	}

	@Test
	void spreadsOfCropsAndOfTurns() {
		final double[] psnr = new double[10];
		Arrays.fill(psnr, 25);
		psnr[2] = 24.5; // a crop
		psnr[4] = 25.25;
		psnr[7] = 27; // a turn
		final Row row = new Row("one", 9, 20, psnr);
		assertEquals(2.5, row.spread(), 1e-9);
		assertEquals(0.75, row.spreadOfCrops(), 1e-9);
		assertEquals(2, row.spreadOfTurns(), 1e-9);
		assertEquals(Row.COLUMNS.split(",").length, row.csv().split(",").length);
		final double[] same = new double[10];
		Arrays.fill(same, 30);
		assertEquals("cases=2 psnr=27.59 spread_median=1.25 spread_mean=1.25 spread_largest=2.50 above_1_dB=1" +
			" of_crops_median=0.38 of_turns_median=1.00", SpreadCommand.summary(List.of(row, new Row("two", 9, 20, same))));
	}
}

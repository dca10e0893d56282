package io.github.learningtodeblur;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.observe.Observation;
import io.github.learningtodeblur.search.Confidence;
import io.github.learningtodeblur.search.Confidence.Verdict;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.util.Plane;

class ReportTest {

	private static final Report REPORT = new Report(15, 13, 9, 7, new Confidence(1.25, Verdict.CERTAIN), 0.5, 10, 250, 8, 6, 20,
		3, true, 4);

	/** Of a picture with a bar, on which numbers are known; in its own values and in others. */
	@Test
	void saysWhatIsThere() {
		final Plane blurry = Disturbances.ranged(Disturbances.shakenStreet().blurry(), 4000, 100).copy();
		for (int i = 0; i < 7; i++)
			blurry.pixels()[3000 + i] = Float.NaN;
		final Plane kernel = new Plane(9, 9);
		kernel.pixels()[3 * 9 + 2] = kernel.pixels()[4 * 9 + 5] = 0.5f;
		final Report report = Report.of(List.of(Observation.of(blurry)), kernel, Confidence.NO_BLUR);
		assertEquals(List.of(9, 9, 4, 2), List.of(report.kernelWidth(), report.kernelHeight(), report.extentWidth(), report
			.extentHeight()));
		float low = Float.POSITIVE_INFINITY, high = 0;
		for (final float v : blurry.pixels())
			if (!Float.isNaN(v)) {
				low = Math.min(low, v);
				high = Math.max(high, v);
			}
		assertEquals(7, report.unknown());
		assertTrue(report.low() >= low && report.low() < low + 0.1 * (high - low), report.line());
		assertTrue(report.high() <= high && report.high() > high - 0.1 * (high - low), report.line());
		final Plane other = blurry.copy();
		for (int i = 0; i < other.pixels().length; i++)
			other.pixels()[i] = (other.pixels()[i] - 50) / 200;
		final Report same = Report.of(List.of(Observation.of(other)), kernel, Confidence.NO_BLUR).inUnits(200, 50);
		assertEquals(report.low(), same.low(), 0.05);
		assertEquals(report.high(), same.high(), 0.05);
		assertEquals(report.noise(), same.noise(), 0.01 * report.noise());
		assertEquals(report.drawn(), same.drawn());
		final Report dark = same.inUnits(-1, 0);
		assertEquals(-same.high(), dark.low());
		assertEquals(-same.low(), dark.high());
		assertEquals(same.noise(), dark.noise());

		final Plane bar = Disturbances.textOnBar(Disturbances.shakenStreet().blurry()).image();
		final Report disturbed = Report.of(List.of(Observation.of(bar), Observation.of(bar)), kernel, Confidence.NO_BLUR);
		assertEquals(2 * Observation.of(bar).drawn(), disturbed.drawn());
		assertTrue(disturbed.drawn() > 100, disturbed.line());
	}

	@Test
	void textsAndBack() {
		assertEquals(Report.NAMES.size(), REPORT.texts().size());
		assertEquals(REPORT, Report.parse(REPORT.texts()));
		assertEquals(Report.COLUMNS.split(",").length, REPORT.csv().split(",").length);
		assertEquals("certain", REPORT.values().get("verdict"));
		assertEquals(9L, REPORT.withClipped(9).values().get("clipped"));
		assertThrows(IllegalArgumentException.class, () -> Report.parse(List.of("1")));
	}

	@Test
	void oneLine() {
		final String line = REPORT.line();
		for (final String part : new String[] { "expected error ratio 1.3", "kernel 15x13 (extent 9x7)", "noise 0.5",
			"values from 10 to 250 (the range of the series, by 8 planes)", "20 drawn into the image, 3 dead or hot, 6 unknown", "offsets of rows", "4 values clipped" })
			assertTrue(line.contains(part), line);
		assertFalse(line.contains("\n"));
		assertFalse(line.contains("larger size"), line);
		final Report filling = new Report(33, 33, 8, 31, new Confidence(1.3, Verdict.DOUBTFUL), 1, 0, 1, 1, 0, 0, 0, false, 0);
		assertTrue(filling.line().contains("doubtful (expected error ratio 1.3): look at it before you use the result; it fills its frame: if the blur may be larger, try a larger size; kernel 33x33"), filling
			.line());
		final Report fits = new Report(33, 33, 8, 25, new Confidence(1.3, Verdict.DOUBTFUL), 1, 0, 1, 1, 0, 0, 0, false, 0);
		assertFalse(fits.line().contains("larger size"), fits.line());
		final Report none = new Report(5, 5, 1, 1, new Confidence(9, Verdict.DOUBTFUL), 1, 0, 1, 1, 0, 0, 0, false, 0);
		assertTrue(none.line().startsWith("No kernel was found that explains the image better than no blur: it is left as it is, which is doubtful"), none
			.line());
		final Report sure = new Report(5, 5, 1, 1, new Confidence(0.9, Verdict.CERTAIN), 1, 0, 1, 1, 0, 0, 0, false, 0);
		assertTrue(sure.line().startsWith("No kernel was found that explains the image better than no blur: it is left as it is;"), sure.line());
		assertFalse(none.line().contains("series") || none.line().contains("left out") || none.line().contains("clipped"), none.line());
	}
}

package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import io.github.learningtodeblur.util.ConnectedParts;
import io.github.learningtodeblur.util.Plane;

/**
 * A list of blurry pictures with something in them that the blur does not explain: a CSV file with the columns
 * <code>case,file,truth,undisturbed,leave_out</code>. Files are named relative to the list. {@code truth} is the
 * sharp picture; {@code undisturbed} (may be empty) the same blurry picture without what disturbs, by which one
 * can tell what was drawn in, and how the range was changed; {@code leave_out} (may be empty) holds rectangles
 * such as <code>0:350:370:36</code> (x, y, width, height), parted by spaces, that do not count, in place of what
 * is found by comparing.
 */
final class DisturbedCases {

	private static final String COLUMNS = "case,file,truth,undisturbed,leave_out";

	/** Pixels that differ by more, as a fraction of the range, were drawn in. */
	private static final float DRAWN = 0.1f;

	/** Pixels around something drawn in that do not count either; and around dots of a few pixels. */
	private static final int AWAY = 16, AWAY_FROM_DOTS = 1;
	private static final int DOT = 9;

	/** Pairs of pixels that are tried, and pixels that each is compared on. */
	private static final int PAIRS = 1000, SAMPLES = 5000;

	/** @param undisturbed null if there is none */
	record Case(String name, Path file, Path truth, Path undisturbed, List<int[]> leaveOut) {}

	/** What values of one picture are in another: times {@code gain}, plus {@code offset}. */
	record Scale(double gain, double offset) {

		static final Scale SAME = new Scale(1, 0);

		Plane apply(final Plane in) {
			final Plane out = in.copy();
			for (int i = 0; i < out.pixels().length; i++)
				out.pixels()[i] = (float) (gain * out.pixels()[i] + offset);
			return out;
		}
	}

	private DisturbedCases() {}

	static List<Case> read(final Path list) throws IOException {
		final List<String> lines = Files.readAllLines(list);
		if (lines.isEmpty() || !lines.get(0).strip().equals(COLUMNS)) throw new IOException(list +
			" does not begin with the line \"" + COLUMNS + "\"");
		final Path folder = list.toAbsolutePath().getParent();
		final List<Case> cases = new ArrayList<>();
		for (final String line : lines.subList(1, lines.size())) {
			if (line.isBlank()) continue;
			final String[] v = line.split(",", -1);
			if (v.length != 5 || v[0].isBlank() || v[1].isBlank() || v[2].isBlank()) throw new IOException("A line of " +
				list + " lacks a case, a file or a truth, or has not five columns: " + line);
			cases.add(new Case(v[0].strip(), folder.resolve(v[1].strip()), folder.resolve(v[2].strip()), v[3].isBlank()
				? null : folder.resolve(v[3].strip()), rectangles(v[4].strip(), line)));
		}
		if (cases.isEmpty()) throw new IOException(list + " names no cases");
		return cases;
	}

	private static List<int[]> rectangles(final String text, final String line) throws IOException {
		final List<int[]> out = new ArrayList<>();
		for (final String r : text.split(" +")) {
			if (r.isEmpty()) continue;
			if (!r.matches("[0-9]+(:[0-9]+){3}")) throw new IOException("A rectangle is x:y:width:height, not " + r + ": " +
				line);
			out.add(Arrays.stream(r.split(":")).mapToInt(Integer::parseInt).toArray());
		}
		return out;
	}

	/**
	 * Least squares over all pixels that are about the same. What that is, is guessed from pairs of pixels: of the scales that
	 * make a pair equal, the one that does so for most pixels. Percentiles would be moved by black bars.
	 */
	static Scale scale(final Plane from, final Plane to) {
		final double zero = from.percentile(0.5);
		final SplittableRandom random = new SplittableRandom(1);
		final int pixels = from.pixels().length, skip = Math.max(1, pixels / SAMPLES);
		Scale best = Scale.SAME;
		int most = agreeing(from, to, best, skip);
		for (int n = 0; n < PAIRS; n++) {
			final int i = random.nextInt(pixels), k = random.nextInt(pixels);
			final double step = (double) from.pixels()[i] - from.pixels()[k];
			if (step == 0 || Math.abs(to.pixels()[i] - to.pixels()[k]) < 4 * DRAWN) continue;
			final double gain = (to.pixels()[i] - to.pixels()[k]) / step;
			final Scale scale = new Scale(gain, to.pixels()[i] - gain * from.pixels()[i]);
			final int agreeing = agreeing(from, to, scale, skip);
			if (agreeing > most) {
				most = agreeing;
				best = scale;
			}
		}
		for (double close = DRAWN; close > DRAWN / 2; close *= 0.9)
			best = fitted(from, to, zero, best, close);
		return best;
	}

	private static int agreeing(final Plane from, final Plane to, final Scale scale, final int skip) {
		int count = 0;
		for (int i = 0; i < from.pixels().length; i += skip)
			if (Math.abs(scale.gain * from.pixels()[i] + scale.offset - to.pixels()[i]) < DRAWN / 2) count++;
		return count;
	}

	private static Scale fitted(final Plane from, final Plane to, final double zero, final Scale rough,
		final double close)
	{
		double n = 0, x = 0, y = 0, xx = 0, xy = 0;
		for (int i = 0; i < from.pixels().length; i++) {
			final double a = from.pixels()[i] - zero, b = to.pixels()[i];
			if (Math.abs(rough.gain * from.pixels()[i] + rough.offset - b) > close) continue;
			n++;
			x += a;
			y += b;
			xx += a * a;
			xy += a * b;
		}
		final double spread = n * xx - x * x;
		if (!(spread > 0)) return rough;
		final double gain = (n * xy - x * y) / spread;
		return new Scale(gain, (y - gain * x) / n - gain * zero);
	}

	/** Which pixels count, given the two pictures in the same range. */
	static boolean[] counted(final Plane disturbed, final Plane undisturbed) {
		final int w = disturbed.width(), h = disturbed.height();
		final boolean[] drawn = new boolean[w * h];
		for (int i = 0; i < drawn.length; i++)
			drawn[i] = Math.abs(disturbed.pixels()[i] - undisturbed.pixels()[i]) > DRAWN;
		final boolean[] counted = new boolean[w * h];
		Arrays.fill(counted, true);
		for (final int[] part : ConnectedParts.of(drawn, w, h, true)) {
			final int away = part.length <= DOT ? AWAY_FROM_DOTS : AWAY;
			for (final int p : part)
				leaveOut(counted, w, h, p % w - away, p / w - away, 2 * away + 1, 2 * away + 1);
		}
		return counted;
	}

	static void leaveOut(final boolean[] counted, final int w, final int h, final int left, final int top,
		final int width, final int height)
	{
		for (int y = Math.max(0, top); y < Math.min(h, top + height); y++)
			for (int x = Math.max(0, left); x < Math.min(w, left + width); x++)
				counted[y * w + x] = false;
	}
}

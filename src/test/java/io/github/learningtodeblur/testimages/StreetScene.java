package io.github.learningtodeblur.testimages;

import static io.github.learningtodeblur.testimages.Painting.hash;
import static io.github.learningtodeblur.testimages.Painting.mix;
import static io.github.learningtodeblur.testimages.Painting.noise;
import static io.github.learningtodeblur.testimages.Painting.rgb;
import static io.github.learningtodeblur.testimages.Painting.rough;
import static io.github.learningtodeblur.testimages.Painting.times;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

import io.github.learningtodeblur.testimages.Painting.Material;
import io.github.learningtodeblur.util.Plane;

/**
 * A street corner with what makes photographs hard or easy to deblur: large edges and fine texture, things of
 * all sizes in front of each other (leaves and stones with radii of a power law), smooth shading, letters.
 */
final class StreetScene {

	static final int WIDTH = 494;
	static final int HEIGHT = 374;

	/** Right end of the house. */
	private static final double CORNER = 318;

	private final Painting painting = new Painting(WIDTH, HEIGHT);
	private final SplittableRandom random = new SplittableRandom(7);

	/** R, G, B in [0, 1]. */
	static List<Plane> channels() {
		final StreetScene scene = new StreetScene();
		scene.sky();
		scene.distance();
		scene.ground();
		scene.roof();
		scene.facade();
		scene.cafe();
		scene.bicycle(62, 283);
		scene.tree();
		scene.lamp();
		scene.painting.shade(polygon(-40, 333, 130, 343, 205, 390, -40, 390), 7, 0.5);
		return scene.painting.channels();
	}

	private void sky() {
		fill(0, 0, WIDTH, HEIGHT, (x, y) -> {
			final double cloud = 0.5 + 1.6 * noise(x / 130 + y / 300, y / 55);
			final double[] lit = mix(rgb(0xb9c3d2), rgb(0xffffff), 0.55 + 1.2 * noise(x / 60 + 3, y / 35));
			return mix(mix(rgb(0x5f97d6), rgb(0xcfe2f2), y / 220), lit, cloud);
		});
	}

	/** Hills, and houses across the square, pale in the haze. */
	private void distance() {
		final Path2D hill = new Path2D.Double();
		hill.moveTo(250, 300);
		for (int x = 250; x <= WIDTH; x++)
			hill.lineTo(x, 196 - 26 * noise(x / 90.0, 4) - (x - 300) * 0.08);
		hill.lineTo(WIDTH, 300);
		painting.fill(hill, (x, y) -> mix(rgb(0x7f99a0), rgb(0x6f8a6c), noise(x / 5, y / 4) + (y - 180) /
			60));
		final int[] walls = { 0xd8cdb8, 0xc9a58c, 0xd9d9d2, 0xcdbb8f };
		double left = CORNER - 12;
		for (int i = 0; i < walls.length; i++) {
			final double w = 40 + 14 * hash(i, 1);
			final double top = 186 + 24 * hash(i, 2);
			fill(left, top, w, 290 - top, rough(walls[i], 0.15));
			painting.fill(polygon(left - 2, top, left + 8, top - 20, left + w - 8, top - 20, left + w + 2, top),
				(x, y) -> times(rgb(0xa5786c), 0.9 + 0.25 * Math.sin(y * 2.4) + 0.3 * noise(x / 3, y / 3)));
			fill(left + w - 16, top - 27, 6, 11, rough(0xa88478, 0.2));
			for (double y = top + 9; y < 265; y += 21)
				for (double x = left + 6; x < left + w - 9; x += 11.5) {
					fill(x - 1, y - 1, 8, 13, rough(0xe6e2da, 0.1));
					fill(x, y, 6, 11, (u, v) -> mix(rgb(0x9fb4c6), rgb(0x4c5660), noise(u / 3, v / 5) + 0.6));
					fill(x + 2.7, y, 0.6, 11, rough(0xe6e2da, 0.1));
				}
			painting.shade(new Rectangle2D.Double(left + w - 3, top, 3, 290 - top), 2, 0.75);
			left += w;
		}
	}

	/** Pavement of slabs, kerb, and the cobbled street. */
	private void ground() {
		fill(0, 284, WIDTH, 90, (x, y) -> {
			final double depth = y - 262;
			final double across = (x - 200) / depth;
			final double along = 260 / depth;
			final boolean joint = mod(across, 1.1) < 0.6 / depth || mod(along, 0.9) < 0.02;
			final double tone = 0.85 + 0.2 * hash((long) Math.floor(across / 1.1), (long) Math.floor(along /
				0.9)) + 0.25 * noise(x / 2, y) + 0.3 * noise(x / 60, y / 12);
			return times(rgb(joint ? 0x6e675f : 0xb5ada2), tone);
		});
		fill(0, 312, WIDTH, 4, rough(0xc8c2b6, 0.35));
		fill(0, 316, WIDTH, HEIGHT - 316, rough(0x37322e, 0.6));
		painting.shade(new Rectangle2D.Double(-20, 312.5, WIDTH + 40, 6), 4, 0.55);
		for (double y = 318, h = 4; y < HEIGHT; y += h, h *= 1.13)
			for (double x = -h * random.nextDouble(); x < WIDTH;) {
				final double w = h * (1.2 + 0.7 * random.nextDouble());
				stone(x, y + h * 0.12 * random.nextDouble(), w - h * 0.14, h * 0.92);
				x += w;
			}
	}

	/** A cobble with light from the upper left. */
	private void stone(final double left, final double top, final double w, final double h) {
		final double[] c = times(mix(rgb(0x8d8781), mix(rgb(0x77706f), rgb(0xa7927c), random.nextDouble()),
			random.nextDouble()), 0.65 + 0.6 * random.nextDouble());
		final Path2D outline = new Path2D.Double();
		for (int i = 0; i < 24; i++) {
			final double a = Math.PI * i / 12;
			final double bulge = 0.5 * (1 + 0.05 * random.nextDouble());
			final double x = left + w * (0.5 + bulge * Math.signum(Math.cos(a)) * Math.pow(Math.abs(Math.cos(a)),
				0.55));
			final double y = top + h * (0.5 + bulge * Math.signum(Math.sin(a)) * Math.pow(Math.abs(Math.sin(a)),
				0.55));
			if (i == 0) outline.moveTo(x, y);
			else outline.lineTo(x, y);
		}
		painting.fill(outline, (x, y) -> {
			final double u = 2 * (x - left) / w - 1;
			final double v = 2 * (y - top) / h - 1;
			return times(c, Math.max(0.1, 1.05 - 0.18 * u * u * u - 0.5 * v * v * v - 0.2 * v + 0.5 * noise(x /
				2.5, y / 2) + 0.35 * noise(x / 70, y / 25)));
		});
	}

	private void roof() {
		painting.fill(polygon(-20, 64, -20, 17, CORNER - 24, 17, CORNER + 6, 64), (x, y) -> {
			final double row = Math.floor(y / 5);
			final double shifted = x + 4 * mod(row, 2);
			final double u = mod(shifted, 8) - 4;
			final double v = mod(y, 5) - 5 + 0.09 * u * u;
			final double tile = hash((long) Math.floor(shifted / 8), (long) row);
			return times(mix(rgb(0x5c6470), rgb(0x76706b), tile), 0.85 + 0.35 * tile + 0.09 * v + 0.2 * noise(x /
				50, y / 30) + 0.25 * noise(x / 2, y / 2) - (v > -0.8 || Math.abs(u) > 3.6 ? 0.4 : 0));
		});
		fill(-20, 14, CORNER - 3, 3.5, rough(0x6e5a52, 0.5));
		for (final double x : new double[] { 52, 236 }) {
			fill(x, 2, 24, 34, StreetScene::bricks);
			painting.shade(new Rectangle2D.Double(x + 15, 2, 9, 34), 2, 0.5);
			painting.shade(polygon(x + 24, 36, x + 24, 14, x + 36, 25, x + 36, 44), 2, 0.55);
			fill(x - 2, 1, 28, 4, rough(0xb9aa98, 0.4));
			fill(x + 3, -6, 6, 8, rough(0xb0684a, 0.3));
			fill(x + 14, -6, 6, 8, rough(0xb0684a, 0.3));
		}
		fill(127, 27, 40, 32, rough(0xd8d2c4, 0.2));
		window(133, 32, 28, 24, false);
		painting.fill(polygon(121, 29, 147, 9, 173, 29), rough(0x565d68, 0.6));
		painting.shade(polygon(167, 29, 167, 58, 184, 62, 184, 44), 3, 0.6);
	}

	private static double[] bricks(final double x, final double y) {
		final double row = Math.floor(y / 4.5);
		final double shifted = x + 5.5 * mod(row, 2);
		final double u = mod(shifted, 11);
		final double v = mod(y, 4.5);
		final double stain = 1 + 0.35 * noise(x / 70, y / 45) + 0.3 * noise(x / 2, y / 2);
		if (u < 0.9 || v < 0.9) return times(rgb(0xb7a594), stain * (v < 0.9 ? 0.8 : 0.95));
		final long column = (long) Math.floor(shifted / 11);
		final double[] c = mix(rgb(0x8c4a38), rgb(0xb9745a), hash(column, (long) row));
		return times(hash(column + 99, (long) row) < 0.07 ? rgb(0x64443c) : c, stain * (v < 1.7 ? 1.12 : 1));
	}

	private void facade() {
		fill(-20, 62, CORNER + 20, 226, StreetScene::bricks);
		for (double y = 70; y < 288; y += 18) // corner stones
			for (int i = 0; i < 2; i++)
				fill(CORNER - 18 + 5 * i, y + 9 * i, 18 - 5 * i, 8.4, rough(0xcabfae, 0.4));
		painting.shade(new Rectangle2D.Double(-60, 50, CORNER + 60, 26), 9, 0.45);
		fill(-20, 60, CORNER + 26, 6, rough(0xddd6c8, 0.25));
		fill(-20, 66, CORNER + 23, 1.5, rough(0x7a756c, 0.25));
		for (double x = -4; x < CORNER; x += 9)
			fill(x, 67, 4, 4, rough(0xc6bfb1, 0.3));
		for (int i = 0; i < 3; i++) {
			final double x = 34 + 97 * i;
			painting.shade(new Rectangle2D.Double(x + 2, 164, 40, 14), 6, 0.8);
			fill(x - 5, 80, 54, 9, rough(0xd3c9b8, 0.35));
			fill(x + 18, 78, 8, 12, rough(0xdfd6c6, 0.3));
			window(x, 89, 44, 68, true);
			shutter(x - 22);
			shutter(x + 46);
			painting.shade(new Rectangle2D.Double(x - 3, 160, 52, 5), 3, 0.45);
			fill(x - 4, 156, 52, 5, rough(0xdcd3c3, 0.3));
			flowers(x - 1, x + 45, 156);
		}
		fill(CORNER - 26, 66, 3, 222, (x, y) -> times(rgb(0x8f9290), 0.5 + Math.abs(CORNER - 24 - x) * 0.5));
		painting.shade(new Rectangle2D.Double(CORNER - 23, 70, 3, 218), 2, 0.65);
	}

	private void shutter(final double x) {
		painting.shade(new Rectangle2D.Double(x + 2, 93, 20, 66), 3, 0.6);
		fill(x, 90, 20, 66, rough(0x3f6b58, 0.25));
		for (int half = 0; half < 2; half++)
			fill(x + 2.5, 93 + 31.5 * half, 15, 28.5, (u, v) -> times(rgb(0x3f6b58), 0.35 + 0.42 * mod(v, 2.8) +
				0.2 * noise(u / 4, v)));
	}

	/** Dark glass that mirrors the sky, curtains, bars, and a shadow of the wall. */
	private void window(final double x, final double y, final double w, final double h,
		final boolean curtains)
	{
		fill(x, y, w, h, rough(0xe9e5dc, 0.15));
		final double inner = 3;
		final double split = y + 0.36 * h;
		fill(x + inner, y + inner, w - 2 * inner, h - 2 * inner, (u, v) -> {
			final double[] glass = mix(rgb(0x8fa9c0), rgb(0x1c2226), 0.3 + 1.2 * (v - y) / h + 0.9 * noise(u /
				18 + x, v / 14));
			final double edge = Math.min(u - x, x + w - u) - 0.2 * w + 0.1 * w * Math.pow((v - y) / h, 2);
			if (!curtains || edge > 0) return glass;
			return mix(glass, times(rgb(0xe4ddd0), 0.55 + 0.3 * Math.sin(u * 1.9 + edge * 0.3)), 0.75);
		});
		fill(x + w / 2 - 1.3, y, 2.6, h, rough(0xe9e5dc, 0.15));
		fill(x, split - 1.1, w, 2.2, rough(0xe9e5dc, 0.15));
		fill(x, y + 0.68 * h - 0.6, w, 1.2, rough(0xe9e5dc, 0.15));
		painting.shade(polygon(x, y, x + w, y, x + w, y + 4, x + 4, y + 4, x + 4, y + h, x, y + h), 2, 0.5);
	}

	/** A box of geraniums. */
	private void flowers(final double from, final double to, final double y) {
		fill(from, y - 5, to - from, 8, rough(0x7d4a33, 0.5));
		painting.shade(new Rectangle2D.Double(from, y + 3, to - from, 3), 2, 0.6);
		leaves(420, 2.6, true, () -> new double[] { from + (to - from) * random.nextDouble(), y - 5 - 7 *
			random.nextDouble() * random.nextDouble() });
	}

	/**
	 * Leaves over leaves, those in the shade first; radii between 0.7 and {@code largest} with density r^-3.
	 *
	 * @param place where a leaf is, and perhaps how much light it gets
	 */
	private void leaves(final int count, final double largest, final boolean flowers,
		final Supplier<double[]> place)
	{
		for (int i = 0; i < count; i++) {
			final double[] at = place.get();
			final double depth = (double) i / count;
			final double smallest = 0.7;
			final double q = smallest / largest;
			final double r = smallest / Math.sqrt(1 - random.nextDouble() * (1 - q * q));
			final double lit = (0.1 + 0.9 * depth * depth) * (at.length > 2 ? at[2] : 1) * (0.6 + 0.8 * random
				.nextDouble());
			final boolean flower = flowers && depth > 0.5 && random.nextDouble() < 0.3;
			final double[] c = flower ? mix(rgb(0xd0203a), rgb(0xf08a98), random.nextDouble()) : mix(rgb(
				0x4f7a2c), rgb(0xb7c65a), random.nextDouble() * random.nextDouble());
			final double[] tinted = mix(times(rgb(0x4a6a78), 0.5 * lit), times(c, lit), 0.25 + 0.75 * lit);
			final AffineTransform t = AffineTransform.getTranslateInstance(at[0], at[1]);
			t.rotate(2 * Math.PI * random.nextDouble());
			t.scale(r * 1.35, r * (0.35 + 0.45 * random.nextDouble()));
			final Path2D leaf = new Path2D.Double();
			leaf.moveTo(-1, 0);
			leaf.curveTo(-0.3, -1.1, 0.5, -0.9, 1, 0);
			leaf.curveTo(0.5, 0.9, -0.3, 1.1, -1, 0);
			leaf.transform(t);
			painting.fill(leaf, (x, y) -> times(tinted, 1 + 0.12 * (at[1] - y) / r));
		}
	}

	private void cafe() {
		fill(-20, 214, CORNER - 8, 74, rough(0x2f4a46, 0.3));
		fill(-20, 276, CORNER - 8, 12, rough(0x77746e, 0.5));
		shopWindow(14, 214, 150, 62);
		door(180);
		shopWindow(232, 214, 56, 62);
		// board with the name
		painting.shade(new Rectangle2D.Double(-20, 190, CORNER, 10), 5, 0.55);
		fill(-20, 168, CORNER, 26, (x, y) -> times(rgb(0x24473d), 0.9 + 0.25 * noise(x / 30, y / 2) - (y -
			180) / 90));
		fill(-20, 166, CORNER + 3, 2.5, rough(0xd9c9a0, 0.2));
		fill(-20, 193, CORNER + 3, 2, rough(0xb89a5a, 0.2));
		final Shape name = Lettering.line("DEBLUR CAFE", 76, 188.5, 15, 0.19);
		final AffineTransform below = AffineTransform.getTranslateInstance(0.8, 1);
		painting.shade(below.createTransformedShape(name), 1, 0.3);
		painting.fill(name, (x, y) -> times(rgb(0xf3dfa4), 1.1 - (y - 173) / 45 + 0.15 * noise(x, y)));
		awning(8, 170);
		awning(226, 294);
		chalkBoard(292, 253);
		for (final double x : new double[] { 172, 224 }) {
			painting.shade(new Ellipse2D.Double(x - 8, 286, 24, 6), 4, 0.5);
			painting.fill(polygon(x - 6, 272, x + 6, 272, x + 4.5, 289, x - 4.5, 289), (u, v) -> times(rgb(
				0xb5694a), 1.05 - (u - x + 3) * (u - x + 3) / 90 + 0.2 * noise(u, v)));
			leaves(700, 2.4, false, () -> {
				final double a = 2 * Math.PI * random.nextDouble();
				final double r = 11 * Math.sqrt(random.nextDouble());
				return new double[] { x + r * Math.cos(a), 259 + 1.2 * r * Math.sin(a), 0.8 - (Math.cos(a) +
					Math.sin(a)) * r / 40 };
			});
		}
	}

	/** Things on shelves, two lamps, and the street mirrored in the glass. */
	private void shopWindow(final double left, final double top, final double w, final double h) {
		painting.fill(new Rectangle2D.Double(left - 4, top, w + 8, h + 4), rough(0x3d5f58, 0.3));
		final Shape glass = new Rectangle2D.Double(left, top, w, h);
		painting.fill(glass, (x, y) -> {
			double lamps = 0;
			for (int i = 0; i < Math.round(w / 48); i++)
				lamps += Math.exp(-(Math.pow(x - left - 26 - 44 * i, 2) + Math.pow(y - top - 26, 2)) / 300);
			return mix(rgb(0x1f1814), rgb(0xf2b566), 0.08 + 0.6 * lamps + 0.1 * noise(x / 12, y / 12));
		});
		for (int shelf = 0; shelf < 2; shelf++) {
			final double y = top + 40 + 17 * shelf;
			for (double x = left + 3; x < left + w - 5;) {
				final double r = 1.2 / Math.sqrt(1 - random.nextDouble() * 0.88);
				final double[] c = times(mix(rgb(0xc8a878), rgb(random.nextInt(0x1000000)), 0.35), 0.2 + 0.5 *
					random.nextDouble());
				if (random.nextDouble() < 0.75) {
					fill(x, y - 3.2 * r, 1.7 * r, 3.2 * r, (u, v) -> c);
					fill(x + 0.55 * r, y - 4.2 * r, 0.6 * r, 1.4 * r, (u, v) -> c);
				}
				x += 2.1 * r;
			}
			fill(left, y, w, 1.5, rough(0x5d4632, 0.3));
		}
		for (int i = 0; i < Math.round(w / 48); i++)
			painting.fill(new Ellipse2D.Double(left + 22.5 + 44 * i, top + 23, 7, 6), rough(0xfff0c8, 0.1));
		painting.fill(glass, (x, y) -> rgb(0xb8cde0), 0.03);
		for (double x = left; x < left + w - 46; x += 64)
			painting.fill(polygon(x + 20, top, x + 46, top, x + 22, top + h, x, top + h), (u, v) -> rgb(
				0xb8cde0), 0.16);
		for (double x = left + w / Math.round(w / 50); x < left + w - 5; x += w / Math.round(w / 50))
			fill(x - 1.2, top, 2.4, h, rough(0x3d5f58, 0.3));
		fill(left - 4, top + h, w + 8, 3.5, rough(0x587a72, 0.3));
	}

	private void door(final double left) {
		fill(left, 198, 36, 88, rough(0x6b4a30, 0.3));
		fill(left + 3, 201, 30, 85, (x, y) -> times(rgb(0x8a5a34), 0.9 + 0.5 * noise(x / 1.2, y / 40)));
		fill(left + 7, 205, 22, 44, (x, y) -> mix(rgb(0x93a9b8), rgb(0x241c18), 0.55 + (y - 215) / 60 + noise(
			x / 10, y / 8)));
		painting.shade(new Rectangle2D.Double(left + 7, 205, 22, 4), 2, 0.5);
		painting.fill(Lettering.line("Open", left + 9.6, 231, 6, 0.18), rough(0xf4efe2, 0.1));
		fill(left + 7, 256, 22, 22, rough(0x74482a, 0.4));
		fill(left + 9, 258, 18, 18, rough(0x91603a, 0.4));
		painting.fill(new Ellipse2D.Double(left + 29, 250, 3, 3), rough(0xf4d27a, 0.1));
		fill(left - 3, 285, 42, 5, rough(0xb9b1a4, 0.3));
	}

	private void awning(final double left, final double right) {
		final int stripes = (int) Math.round((right - left) / 9);
		painting.shade(new Rectangle2D.Double(left + 4, 212, right - left + 6, 22), 7, 0.4);
		for (int i = 0; i < stripes; i++) {
			final double a = (double) i / stripes;
			final double b = (i + 1.0) / stripes;
			final double x0 = left - 4 + a * (right - left + 8);
			final double x1 = left - 4 + b * (right - left + 8);
			final Path2D cloth = polygon(left + a * (right - left), 196, left + b * (right - left), 196, x1,
				220, x0, 220);
			cloth.append(new Ellipse2D.Double(x0, 214, x1 - x0, 12), false);
			cloth.setWindingRule(Path2D.WIND_NON_ZERO);
			final double[] c = rgb(i % 2 == 0 ? 0xb8322f : 0xf1ebdf);
			painting.fill(cloth, (x, y) -> times(c, (y > 219 ? 0.62 : 1.08 - (y - 196) / 90) + 0.2 * noise(x /
				9, y / 25)));
		}
	}

	private void chalkBoard(final double x, final double y) {
		painting.shade(polygon(x + 4, y + 38, x + 30, y + 38, x + 40, y + 44, x + 8, y + 44), 4, 0.5);
		painting.fill(polygon(x, y + 40, x + 3, y - 2, x + 27, y - 2, x + 30, y + 40), rough(0x9a6f42, 0.4));
		painting.fill(polygon(x + 3, y + 35, x + 5, y + 1, x + 25, y + 1, x + 27, y + 35), rough(0x2b2f2d,
			0.5));
		final String[] menu = { "Cake", "Soup", "Tea" };
		for (int i = 0; i < 3; i++)
			painting.fill(Lettering.line(menu[i], x + 6.8, y + 11 + 9.5 * i, 5, 0.16), rough(0xf2f2ea, 0.3));
	}

	/** Leans against the shop window. */
	private void bicycle(final double x, final double y) {
		final double r = 21;
		final double rear = x;
		final double front = x + 56;
		for (final double wheel : new double[] { rear, front })
			painting.shade(new Ellipse2D.Double(wheel - 14, y + r - 4, 40, 7), 4, 0.5);
		painting.shade(new Rectangle2D.Double(rear, y + r - 1, 60, 3), 3, 0.7);
		for (final double wheel : new double[] { rear, front }) {
			for (int i = 0; i < 18; i++) {
				final double a = Math.PI * i / 9 + 0.1;
				line(0.35, 0xc9ccce, wheel + 2 * Math.sin(a), y + 2 * Math.cos(a), wheel + r * Math.cos(a), y + r *
					Math.sin(a));
			}
			ring(wheel, y, r, 2.4, 0x1d1c1c);
			ring(wheel, y, r - 1.6, 0.8, 0xb9bcbe);
			ring(wheel, y, 1.6, 1.4, 0x6f7274);
		}
		final double[] bottom = { x + 23, y + 3 };
		final double[] seat = { x + 16, y - 25 };
		final double[] head = { x + 47, y - 26 };
		tube(rear, y, bottom[0], bottom[1]);
		tube(rear, y, seat[0] + 1, seat[1] + 4);
		tube(bottom[0], bottom[1], seat[0] - 1, seat[1] - 6);
		tube(bottom[0], bottom[1], head[0] + 1, head[1] + 5);
		tube(seat[0] + 1, seat[1] + 3, head[0], head[1]);
		tube(front, y, head[0] - 1.5, head[1] - 7);
		line(1.6, 0x9a9d9f, head[0] - 2, head[1] - 8, head[0] - 3, head[1] - 13, head[0] + 4, head[1] - 14);
		line(2.4, 0x3a2a20, head[0] + 3, head[1] - 14, head[0] - 5, head[1] - 12);
		painting.fill(polygon(seat[0] - 9, seat[1] - 9, seat[0] + 8, seat[1] - 7.5, seat[0] + 8, seat[1] - 6,
			seat[0] - 3, seat[1] - 4, seat[0] - 9, seat[1] - 5), rough(0x5a3a26, 0.4));
		ring(bottom[0], bottom[1], 4.5, 1.2, 0x8d9092);
		line(0.7, 0x2a2a2a, bottom[0], bottom[1] - 4.5, rear, y - 2);
		line(0.7, 0x2a2a2a, bottom[0], bottom[1] + 4.5, rear, y + 2);
		line(1.3, 0xa9acae, bottom[0] - 4, bottom[1] - 8, bottom[0] + 4, bottom[1] + 8);
		line(1.8, 0x222222, bottom[0] + 1, bottom[1] + 8.5, bottom[0] + 7, bottom[1] + 8.5);
		// basket
		painting.fill(polygon(front - 3, y - 40, front + 17, y - 40, front + 14, y - 25, front, y - 25), (u,
			v) -> times(rgb(0xb08a52), 0.75 + 0.35 * Math.sin(u * 2.1) * Math.sin(v * 2.1) + 0.3 * noise(u, v)));
		line(1.4, 0xc9a468, front - 4, y - 40, front + 18, y - 40);
	}

	private void tube(final double... points) {
		line(2.4, 0x1f6f8c, points);
		line(0.7, 0x8ccbe0, points[0] - 0.3, points[1] - 0.5, points[2] - 0.3, points[3] - 0.5);
	}

	private void ring(final double x, final double y, final double r, final double w, final int color) {
		painting.fill(new BasicStroke((float) w).createStrokedShape(new Ellipse2D.Double(x - r, y - r, 2 * r,
			2 * r)), (u, v) -> times(rgb(color), 1.1 - 0.35 * (v - y) / r));
	}

	private void line(final double w, final int color, final double... points) {
		final Path2D path = new Path2D.Double();
		path.moveTo(points[0], points[1]);
		for (int i = 2; i < points.length; i += 2)
			path.lineTo(points[i], points[i + 1]);
		painting.fill(new BasicStroke((float) w, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
			.createStrokedShape(path), rough(color, 0.15));
	}

	private void tree() {
		final double foot = 410;
		leaves(1500, 3, false, () -> new double[] { 325 + 190 * random.nextDouble(), 286 - 9 * random
			.nextDouble(), 0.7 }); // a hedge
		painting.shade(new Rectangle2D.Double(325, 282, 190, 9), 4, 0.45);
		painting.shade(new Ellipse2D.Double(345, 292, 190, 30), 14, 0.45);
		branch(foot, 303, 205, -Math.PI / 2, 11);
		painting.shade(new Ellipse2D.Double(foot - 14, 299, 30, 7), 4, 0.6);
		// clumps of leaves: x, y, radius
		final double[][] clumps = new double[26][];
		for (int i = 0; i < clumps.length; i++) {
			final double a = 2.4 * i;
			final double d = Math.sqrt((i + 0.5) / clumps.length);
			clumps[i] = new double[] { foot + 8 + 76 * d * Math.cos(a), 128 + 74 * d * Math.sin(a), 18 + 14 *
				random.nextDouble() };
		}
		leaves(17000, 4.5, false, () -> {
			final double[] c = clumps[random.nextInt(clumps.length)];
			final double a = 2 * Math.PI * random.nextDouble();
			final double r = Math.pow(random.nextDouble(), 0.42);
			final double dx = r * Math.cos(a);
			final double dy = r * Math.sin(a);
			final double whole = ((foot - c[0]) + (128 - c[1])) / 260;
			return new double[] { c[0] + c[2] * dx, c[1] + c[2] * dy, Math.max(0.12, 0.55 - 0.3 * dx - 0.5 * dy +
				whole) };
		});
	}

	/** A branch and what grows from it, until it is thin. */
	private void branch(final double x, final double y, final double length, final double angle,
		final double w)
	{
		final double step = length * 0.42;
		final double endX = x + step * Math.cos(angle);
		final double endY = y + step * Math.sin(angle);
		final double nx = -Math.sin(angle) / 2;
		final double ny = Math.cos(angle) / 2;
		final double end = 0.72 * w;
		painting.fill(polygon(x - nx * w, y - ny * w, endX - nx * end, endY - ny * end, endX + nx * end, endY +
			ny * end, x + nx * w, y + ny * w), (u, v) -> times(rgb(0x6d5a49), Math.max(0.15, 0.75 - 0.9 * ((u -
				x) * nx + (v - y) * ny) / w + 1.1 * noise(u / 1.6, v / 9))));
		if (w < 1.2) return;
		for (int i = 0; i < 3; i++)
			branch(endX, endY, length * (0.5 + 0.16 * random.nextDouble()), angle + (i - 1) * 0.45 + 0.3 * (random
				.nextDouble() - 0.5), end * (0.6 + 0.2 * random.nextDouble()));
	}

	private void lamp() {
		final double x = 337;
		painting.shade(new Ellipse2D.Double(x - 6, 305, 26, 5), 3, 0.5);
		fill(x - 1.6, 150, 3.2, 157, (u, v) -> times(rgb(0x2f3a38), 1.5 - 0.9 * (u - x + 1.6) / 3.2));
		fill(x - 3, 272, 6, 36, (u, v) -> times(rgb(0x2f3a38), 1.6 - 0.9 * (u - x + 3) / 6));
		fill(x - 4, 268, 8, 3, rough(0x3a4644, 0.3));
		fill(x - 5, 304, 10, 4, rough(0x3a4644, 0.3));
		painting.fill(polygon(x - 5, 150, x - 8, 128, x + 8, 128, x + 5, 150), (u, v) -> mix(rgb(0xf3efdd), rgb(
			0xa9b4b4), (u - x + 6) / 12));
		line(1.1, 0x2f3a38, x - 5, 150, x - 8, 128, x + 8, 128, x + 5, 150, x - 5, 150);
		line(0.8, 0x2f3a38, x, 150, x, 128);
		painting.fill(polygon(x - 10, 128, x - 3, 119, x + 3, 119, x + 10, 128), rough(0x2f3a38, 0.4));
		line(1.6, 0x2f3a38, x, 119, x, 114);
	}

	private void fill(final double x, final double y, final double w, final double h,
		final Material material)
	{
		painting.fill(new Rectangle2D.Double(x, y, w, h), material);
	}

	private static Path2D polygon(final double... points) {
		final Path2D path = new Path2D.Double();
		path.moveTo(points[0], points[1]);
		for (int i = 2; i < points.length; i += 2)
			path.lineTo(points[i], points[i + 1]);
		path.closePath();
		return path;
	}

	private static double mod(final double x, final double period) {
		return x - period * Math.floor(x / period);
	}
}

package io.github.learningtodeblur.testimages;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;

/** Letters drawn with a pen, because fonts differ between machines, and some have none. */
final class Lettering {

	/**
	 * Strokes of the letters, as points of one digit x and one digit y: capitals stand between 0 and 6, small
	 * letters between 2 and 6. A stroke with a tilde is a curve, the points between its ends pull at it.
	 */
	private static final String[] GLYPHS = { "A 062046 1434", "B 0600 ~00303303 ~03434606",
		"C ~414000064645", "D 0600 ~00404606", "E 40000646 0333", "F 400006 0333",
		"G ~414000064643 4323", "H 0006 4046 0343", "I 0006", "J ~3034360605", "K 0006 4004 1346",
		"L 000646", "M 0600234046", "N 06004640", "O ~204046060020", "P 0600 ~00404303",
		"Q ~204046060020 3447", "R 0600 ~00404303 2346", "S ~4140000343460605", "T 0040 2026",
		"U ~000406464440", "V 002640", "W 0016223640", "X 0046 4006", "Y 002340 2326", "Z 00400646",
		"a 3236 ~333202063635", "b 0006 ~030232360605", "c ~333202063635", "d 3036 ~333202063635",
		"e 0434 ~343202063635", "f ~30101316 0232", "g ~333202063635 ~3236380807", "h 0006 ~0402323436",
		"i 0206 0000", "j ~12171808 1010", "k 0006 3205 1436", "l 0006", "m 0206 ~0402222426 ~2422424446",
		"n 0206 ~0402323436", "o ~040636320204", "p 0208 ~030232360605", "q 3238 ~333202063635",
		"r 0206 ~040222", "s ~3332020434360605", "t 0222 ~10141626", "u 3236 ~0204063634", "v 022642",
		"w 0216233642", "x 0236 3206", "y 0226 4218", "z 02320636", ". 0606", ", 1607", "- 0424" };

	private Lettering() {}

	/**
	 * The outline of a line of text.
	 *
	 * @param x,y left end of the base line
	 * @param size height of capitals
	 * @param weight width of the pen as a fraction of the size
	 */
	static Shape line(final String text, final double x, final double y, final double size,
		final double weight)
	{
		final Path2D path = new Path2D.Double();
		double left = 0;
		for (final char letter : text.toCharArray())
			left += letter == ' ' ? 3 : 2.1 + add(path, letter, left);
		final AffineTransform place = AffineTransform.getTranslateInstance(x, y);
		place.scale(size / 6, size / 6);
		place.translate(0, -6);
		return new BasicStroke((float) (size * weight), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
			.createStrokedShape(place.createTransformedShape(path));
	}

	/** @return width of the letter */
	private static double add(final Path2D path, final char letter, final double left) {
		double width = 0;
		for (final String glyph : GLYPHS) {
			if (glyph.charAt(0) != letter) continue;
			for (final String stroke : glyph.substring(2).split(" ")) {
				final boolean curve = stroke.startsWith("~");
				final String points = curve ? stroke.substring(1) : stroke;
				final int n = points.length() / 2;
				final double[] x = new double[n];
				final double[] y = new double[n];
				for (int i = 0; i < n; i++) {
					width = Math.max(width, points.charAt(2 * i) - '0');
					x[i] = left + points.charAt(2 * i) - '0';
					y[i] = points.charAt(2 * i + 1) - '0';
				}
				path.moveTo(x[0], y[0]);
				if (!curve) for (int i = 1; i < n; i++)
					path.lineTo(x[i], y[i]);
				else for (int i = 1; i < n - 1; i++) {
					final double end = i == n - 2 ? 1 : 0.5;
					path.quadTo(x[i], y[i], x[i] + end * (x[i + 1] - x[i]), y[i] + end * (y[i + 1] - y[i]));
				}
			}
			return width;
		}
		throw new IllegalArgumentException("No strokes for '" + letter + "'");
	}
}

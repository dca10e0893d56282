package io.github.learningtodeblur.cluster.zarr;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Type of an array's values.
 *
 * @param kind u, i or f: not negative, signed, floating
 * @param size in bytes
 */
record ValueType(char kind, int size, ByteOrder order) {

	private static final Pattern TEXT = Pattern.compile("([<>|])(?:([ui])([124])|(f)([48]))");

	/** @param text as NumPy writes it, such as {@code <u2} */
	static ValueType of(final String text) throws IOException {
		final Matcher m = TEXT.matcher(text);
		if (!m.matches()) throw new IOException("of values of the type '" + text +
			"'; integers of 8, 16 and 32 bits and floats of 32 and 64 are read");
		final boolean integer = m.group(2) != null;
		return new ValueType(m.group(integer ? 2 : 4).charAt(0), Integer.parseInt(m.group(integer ? 3 : 5)), m.group(1).equals(">")
			? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
	}

	private double low() {
		return kind == 'u' ? 0 : -Math.pow(2, 8 * size - 1);
	}

	private double high() {
		return Math.pow(2, kind == 'u' ? 8 * size : 8 * size - 1) - 1;
	}

	float get(final ByteBuffer bytes, final int i) {
		return switch (kind + "" + size) {
			case "u1" -> bytes.get(i) & 0xff;
			case "i1" -> bytes.get(i);
			case "u2" -> bytes.getShort(2 * i) & 0xffff;
			case "i2" -> bytes.getShort(2 * i);
			case "u4" -> bytes.getInt(4 * i) & 0xffffffffL;
			case "i4" -> bytes.getInt(4 * i);
			case "f4" -> bytes.getFloat(4 * i);
			default -> (float) bytes.getDouble(8 * i);
		};
	}

	/** Integers are rounded and cut off, NaN becomes 0; @return whether it had to be cut off. */
	boolean put(final ByteBuffer bytes, final int i, final double value) {
		if (kind == 'f') {
			if (size == 4) bytes.putFloat(4 * i, (float) value);
			else bytes.putDouble(8 * i, value);
			return false;
		}
		final double whole = Math.rint(Math.max(low(), Math.min(high(), value)));
		final long number = (long) whole;
		switch (size) {
			case 1 -> bytes.put(i, (byte) number);
			case 2 -> bytes.putShort(2 * i, (short) number);
			default -> bytes.putInt(4 * i, (int) number);
		}
		return Math.abs(value - whole) > 0.5;
	}
}

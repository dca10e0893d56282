package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.testimages.Disturbances.Disturbed;
import io.github.learningtodeblur.util.Plane;

class DisturbedCasesTest {

	@TempDir
	Path folder;

	@Test
	void readsTheList() throws IOException {
		final Path list = Files.write(folder.resolve("list.csv"), List.of("case,file,truth,undisturbed,leave_out",
			"bar,a.png,b.png,c.png,", "text,sub/d.png,b.png,,1:2:3:4 5:6:7:8", ""));
		final List<DisturbedCases.Case> cases = DisturbedCases.read(list);
		assertEquals(2, cases.size());
		assertEquals(folder.resolve("c.png"), cases.get(0).undisturbed());
		assertTrue(cases.get(0).leaveOut().isEmpty());
		assertNull(cases.get(1).undisturbed());
		assertEquals(folder.resolve("sub/d.png"), cases.get(1).file());
		assertArrayEquals(new int[] { 5, 6, 7, 8 }, cases.get(1).leaveOut().get(1));
		for (final String bad : new String[] { "bar,a.png,,c.png,", "bar,a.png,b.png,c.png,1:2:3", "bar,a.png" })
			assertThrows(IOException.class, () -> DisturbedCases.read(Files.write(folder.resolve("bad.csv"), List.of(
				"case,file,truth,undisturbed,leave_out", bad))), bad);
		assertThrows(IOException.class, () -> DisturbedCases.read(Files.writeString(folder.resolve("bad.csv"), "a,b\n")));
	}

	/** Kelvin with a bar in it: range and bar are found at once. */
	@Test
	void findsRangeAndWhatIsDrawn() {
		final Plane plain = Disturbances.shakenStreet().blurry();
		final Disturbed bar = Disturbances.dataBar(plain);
		final Plane kelvin = Disturbances.ranged(bar.image(), 10, 290);
		final DisturbedCases.Scale scale = DisturbedCases.scale(kelvin, plain);
		assertEquals(0.1, scale.gain(), 1e-3);
		assertEquals(-29, scale.offset(), 0.3);
		final boolean[] counted = DisturbedCases.counted(scale.apply(kelvin), plain), expected = bar.away(16);
		for (int i = 0; i < counted.length; i++)
			assertTrue(!counted[i] || !bar.drawn()[i], "counts what is drawn");
		assertTrue(agreement(counted, expected) > 0.97, "" + agreement(counted, expected));
	}

	/** One pixel at the top of 16 bits must not rule the range. Around dots little is left out. */
	@Test
	void loneOutliersAreDots() {
		final Plane plain = Disturbances.shakenStreet().blurry();
		final Plane hot = Disturbances.ranged(plain, 4095, 0);
		hot.pixels()[20_000] = 65535;
		final DisturbedCases.Scale scale = DisturbedCases.scale(hot, plain);
		assertEquals(1 / 4095.0, scale.gain(), 1e-6);
		final boolean[] counted = DisturbedCases.counted(scale.apply(hot), plain);
		assertFalse(counted[20_000]);
		int left = 0;
		for (final boolean c : counted)
			if (!c) left++;
		assertEquals(9, left);
	}

	private static double agreement(final boolean[] a, final boolean[] b) {
		int same = 0;
		for (int i = 0; i < a.length; i++)
			if (a[i] == b[i]) same++;
		return (double) same / a.length;
	}

	/** Black over a third of a picture is no reason to take its other values for others. */
	@Test
	void barsDoNotChangeTheScale() {
		final Plane plain = Disturbances.shakenStreet().blurry();
		for (final Disturbed d : List.of(Disturbances.letterbox(plain), Disturbances.roundField(plain), Disturbances
			.whiteFrame(plain), Disturbances.dataBar(plain)))
			for (final double[] unit : new double[][] { { 1, 0 }, { 10, 290 } }) {
				final Plane other = Disturbances.ranged(d.image(), unit[0], unit[1]);
				final DisturbedCases.Scale scale = DisturbedCases.scale(other, plain);
				assertEquals(1 / unit[0], scale.gain(), 2e-3 / unit[0]);
				final boolean[] counted = DisturbedCases.counted(scale.apply(other), plain), expected = d.away(17);
				for (int i = 0; i < counted.length; i++)
					assertTrue(counted[i] || !expected[i], "left out, though far away: " + i);
			}
	}
}

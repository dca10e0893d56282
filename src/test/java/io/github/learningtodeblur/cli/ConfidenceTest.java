package io.github.learningtodeblur.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.files.ImageFiles;
import io.github.learningtodeblur.model.Safetensors;
import io.github.learningtodeblur.search.Judgement;
import io.github.learningtodeblur.testimages.Disturbances;

/** What is collected to learn how certain a result is, and what is learned from it. */
class ConfidenceTest {

	private static final int GROUPS = 20, EACH = 3;

	@TempDir
	Path folder;

	private Path file(final String name, final List<String> lines) throws IOException {
		Files.createDirectories(folder.resolve(name).getParent());
		return Files.write(folder.resolve(name), lines);
	}

	/** The first number tells how good a kernel is; of some, only one in a group was measured. */
	private List<String> kernels(final String header, final int columns, final boolean all, final int side) {
		final SplittableRandom random = new SplittableRandom(1);
		final List<String> lines = new ArrayList<>(List.of(header));
		for (int group = 0; group < GROUPS; group++)
			for (int n = 0; n < EACH; n++) {
				final double[] numbers = random.doubles(columns).toArray();
				final double ratio = all || n == 0 ? Math.exp(3 * numbers[0]) : Double.NaN;
				lines.add(String.format("tune-%d,0,%d,%s,%d,%d,%s", group, n, ratio, group % 5 == 0 ? 0 : 1, side, Arrays.stream(numbers).mapToObj(v -> "" + v).collect(
					Collectors.joining(","))));
			}
		return lines;
	}

	@Test
	void collectsAndLearns() throws IOException {
		Files.createDirectories(folder.resolve("pictures"));
		for (int i = 0; i < 4; i++)
			ImageFiles.writePng(folder.resolve("pictures/street" + i + ".png"), List.of(Disturbances.street().crop(15 * i, 5 * i, 230, 190)));
		final String[] collect = { "confidence", "--images=photos=" + folder.resolve("pictures"), "--side=160", "--sizes=9", "--every=400",
			"--imperfect", "--size=true", "--threads=1" };
		final String one = "--tables=" + folder.resolve("one"), every = "--tables=" + folder.resolve("every");
		final Told told = by(collect, "--chosen-only", one);
		assertEquals(0, told.code(), told.err());
		assertEquals(0, by(collect, every).code());
		final List<String> some = Files.readAllLines(folder.resolve("one/kernels.csv")), all = Files.readAllLines(folder.resolve(
			"every/kernels.csv"));
		assertEquals(all.size(), some.size());
		assertTrue(all.size() > 3, all.size() + " lines");
		final List<String> columns = List.of(all.get(0).split(",")).subList(6, all.get(0).split(",").length);
		for (int i = 1; i < all.size(); i++) {
			final String[] a = all.get(i).split(","), s = some.get(i).split(",");
			assertTrue(Double.parseDouble(a[3]) >= 0, all.get(i));
			assertTrue(Integer.parseInt(a[5]) > 100 && Integer.parseInt(a[5]) <= 255, "shorter side: " + all.get(i));
			final boolean point = Double.parseDouble(a[6 + columns.indexOf("extent")]) == 0;
			assertEquals(point || a[0].matches(".*-(sharp|noise)-.*") ? "0" : "1", a[4], "what users are told of: " + all.get(i));
			if (!s[3].equals("NaN")) assertEquals(a[3], s[3]);
			s[3] = a[3];
			assertEquals(List.of(a), List.of(s));
		}
		assertTrue(all.stream().skip(1).map(l -> l.split(",")[4]).distinct().count() == 2, "blurred ones and others");
		final Map<String, Long> measured = some.stream().skip(1).map(l -> l.split(",")).collect(Collectors.groupingBy(w -> w[0] + " " +
			w[1], Collectors.filtering(w -> !w[3].equals("NaN"), Collectors.counting())));
		assertTrue(measured.values().stream().allMatch(n -> n == 1), "one kernel of each choice: " + measured);

		// what is there is not measured again
		assertEquals(0, by(collect, "--chosen-only", one).code());
		assertEquals(some, Files.readAllLines(folder.resolve("one/kernels.csv")));

		learns(some.get(0), some.get(1).split(",").length - 6);
	}

	private void learns(final String header, final int columns) throws IOException {
		final Path bundled = folder.resolve("bundled.safetensors"), all = folder.resolve("all.safetensors"), chosen = folder.resolve(
			"chosen.safetensors");
		try (var in = Judgement.class.getResourceAsStream("judgement.safetensors")) {
			Files.copy(in, bundled);
		}
		file("full/kernels.csv", kernels(header, columns, true, 255));
		file("some/kernels.csv", kernels(header, columns, false, 255));
		final String sharpness = "--sharpness=" + bundled;
		final Told full = Told.by("confidence", "--from=" + folder.resolve("full"), sharpness, "--out=" + all);
		assertEquals(0, full.code(), full.err());
		assertTrue(full.lastLine().startsWith("tune results=" + GROUPS * 4 / 5), full.out());
		assertEquals(GROUPS * EACH + " kernels of the suite's half to tune by", Safetensors.read(all).metadata().get("kernels"));

		final String[] learn = { "confidence", "--from=" + folder.resolve("some"), sharpness, "--out=" + chosen };
		assertTrue(Told.by(learn).err().contains("all kernels must be measured"));
		final Told some = by(learn, "--choice=" + all);
		assertEquals(0, some.code(), some.err());
		final Map<String, String> metadata = Safetensors.read(chosen).metadata();
		assertEquals(GROUPS + " kernels of the suite's half to tune by", metadata.get("kernels"));
		assertEquals(GROUPS * EACH + " kernels of the suite's half to tune by", metadata.get("choice"));

		// how much better larger pictures are than they look, all else as it was
		final Path size = folder.resolve("size.safetensors");
		file("large/kernels.csv", kernels(header, columns, true, 800));
		final String[] large = { "confidence", "--from=" + folder.resolve("large"), "--out=" + size };
		assertTrue(by(large, "--size-judge=" + all, sharpness).err().contains("--size-judge"));
		final Told larger = by(large, "--size-judge=" + all, "--description=larger ones");
		assertEquals(0, larger.code(), larger.err());
		final Safetensors.Contents before = Safetensors.read(all), after = Safetensors.read(size);
		assertEquals(GROUPS * EACH + " kernels of the suite's half to tune by", after.metadata().get("size"));
		assertEquals("larger ones", after.metadata().get("description"));
		assertEquals(before.tensors().size() + 1, after.tensors().size());
		before.tensors().forEach((name, tensor) -> assertArrayEquals(tensor.values(), after.tensors().get(name).values(), name));
	}

	/** Scores by PSNR alone, for a picture of 100 pixels. */
	private static Score score(final double psnr) {
		return new Score(psnr, 1, 100 * Math.pow(10, -psnr / 10), 0, 0);
	}

	/** Better than the blurry picture, a result is worth its error ratio; below it, half a decibel makes it a failure. */
	@Test
	void whatIsWorseThanTheBlurryPictureIsBad() {
		final Score blurry = score(22);
		assertEquals(2, ConfidenceCommand.worth(score(28), score(28 + 10 * Math.log10(2)), blurry), 1e-9);
		assertEquals(Math.pow(10, 0.1), ConfidenceCommand.worth(score(22), score(23), blurry), 1e-9);
		assertEquals(3, ConfidenceCommand.worth(score(21.5), score(23), blurry), 1e-9);
		assertEquals(9, ConfidenceCommand.worth(score(21), score(23), blurry), 1e-9);
		// where even the true kernel is worse than the blurry picture, by that
		assertEquals(1, ConfidenceCommand.worth(score(21), score(21), blurry), 1e-9);
		assertEquals(3, ConfidenceCommand.worth(score(20.5), score(21), blurry), 1e-9);
	}

	private static Told by(final String[] arguments, final String... more) {
		final String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
		System.arraycopy(more, 0, all, arguments.length, more.length);
		return Told.by(all);
	}
}

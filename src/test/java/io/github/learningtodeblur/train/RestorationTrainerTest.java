package io.github.learningtodeblur.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;
import net.imglib2.parallel.Parallelization;

class RestorationTrainerTest {

	private static final RestorationSpec SPEC = new RestorationSpec(2, 8, 5, 8, 2);
	private static final EstimatedExamples ESTIMATED = new EstimatedExamples(90, 5, 9, "camera-shake", 0.02, 4);

	/** The true kernel, moved and made wider: as good as estimated. */
	private static Plane wrong(final Plane kernel) {
		final int n = kernel.width() + 4;
		final Plane out = new Plane(n, n);
		for (int y = 0; y < kernel.height(); y++)
			for (int x = 0; x < kernel.width(); x++) {
				out.pixels()[(y + 1) * n + x + 4] += 0.8f * kernel.get(x, y);
				out.pixels()[(y + 1) * n + x + 3] += 0.2f * kernel.get(x, y);
			}
		return out;
	}

	@TempDir
	Path folder;

	static SharpImages.Split images() {
		final Random random = new Random(1);
		final List<Plane> planes = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			final Plane p = new Plane(150, 150);
			for (int r = 0; r < 400; r++) {
				final int w = 3 + random.nextInt(25), h = 3 + random.nextInt(25), x0 = random.nextInt(150), y0 = random.nextInt(
					150);
				final float v = random.nextFloat();
				for (int y = y0; y < Math.min(150, y0 + h); y++)
					for (int x = x0; x < Math.min(150, x0 + w); x++)
						p.pixels()[y * 150 + x] = v;
			}
			planes.add(p);
		}
		return SharpImages.of(planes, SharpImages.Selection.ALL).split();
	}

	private static RestorationPlan plan(final long examples, final double share) {
		return new RestorationPlan(SPEC, 7, 60, "camera-shake", 5, 9, 0.02, 0.01, share, 0.15, Optimizer.Kind.SOAP, 0.01, 4, Budget
			.ofExamples(examples).withValidationExamples(16).withCheckpointMinutes(10));
	}

	private Path estimated() throws IOException {
		final Path examples = folder.resolve("estimated");
		ESTIMATED.make(images(), RestorationTrainerTest::found, "a diagonal", examples, 30, Progress.NONE);
		return examples;
	}

	/** Stands in for the search: told the size, it only sees the blurry picture, so the kernel is made up. */
	private static Plane found(final Plane blurry, final int size) {
		final Plane k = new Plane(7, 7);
		for (int i = 1; i < 6; i++)
			k.pixels()[i * 7 + i] = 0.2f;
		return k;
	}

	private RestorationTrainer.Status train(final RestorationPlan plan, final Path estimated, final String name)
		throws IOException
	{
		final List<RestorationTrainer.Status> seen = new ArrayList<>();
		new RestorationTrainer(plan, new CpuBackend(), images(), estimated, Map.of("license", "CC0"), seen::add).run(folder
			.resolve(name), Progress.NONE);
		return seen.get(seen.size() - 1);
	}

	@Test
	void learns() throws IOException {
		final double before = train(plan(4, 0), null, "a.safetensors").truePsnr();
		final double after = train(plan(1600, 0), null, "b.safetensors").truePsnr();
		System.out.println("PSNR of a restoration after 4 and 1,600 examples: " + before + ", " + after);
		assertTrue(after > before + 1, before + " to " + after);
		final RestorationModel model = RestorationModel.read(folder.resolve("b.safetensors"));
		assertEquals(SPEC, model.spec());
		assertEquals("CC0", model.description().get("license"));
		assertTrue(Files.readAllLines(RestorationTrainer.logFile(folder.resolve("b.safetensors"))).size() >= 2);
	}

	/** What is computed does not depend on the number of threads, nor on being interrupted. */
	@Test
	void resumesWhereItWasOnAnyNumberOfThreads() throws IOException {
		final Path examples = estimated(), whole = folder.resolve("whole.safetensors"), halves = folder.resolve(
			"halves.safetensors");
		final RestorationPlan plan = plan(48, 0.5);
		Parallelization.runWithNumThreads(2, () -> {
			train(plan, examples, "whole.safetensors");
			return null;
		});
		final int[] asked = { 0 };
		final Progress cancel = new Progress() {

			@Override
			public void report(final long done, final long total, final String what) {}

			@Override
			public boolean canceled() {
				return ++asked[0] > 5;
			}
		};
		new RestorationTrainer(plan, new CpuBackend(), images(), examples, Map.of("license", "CC0"), s -> {}).run(halves, cancel);
		final RestorationTrainer second = new RestorationTrainer(plan, new CpuBackend(), images(), examples, Map.of("license",
			"CC0"), s -> {});
		second.resume(RestorationTrainer.checkpointFile(halves));
		final RestorationModel resumed = second.run(halves, Progress.NONE), at = RestorationModel.read(whole);
		at.parameters().forEach((name, values) -> assertArrayEquals(values, resumed.parameters().get(name), name));
		final RestorationTrainer other = new RestorationTrainer(plan(52, 0.5), new CpuBackend(), images(), examples, Map.of(),
			s -> {});
		assertTrue(assertThrows(IOException.class, () -> other.resume(RestorationTrainer.checkpointFile(halves))).getMessage()
			.contains("other settings"));
	}

	@Test
	void examplesAreKeptAndMadeOnce() throws IOException {
		final Path examples = estimated();
		try (Stream<Path> files = Files.list(examples)) {
			assertEquals(30 + 1, files.count(), "examples, and their recipe");
		}
		final List<EstimatedExample> held = EstimatedExamples.read(examples, true), trained = EstimatedExamples.read(examples,
			false);
		assertEquals(3, held.size());
		assertEquals(27, trained.size());
		final EstimatedExample e = trained.get(0);
		assertEquals(90, e.blurry().width());
		assertEquals(found(null, 0), e.estimate());
		// the noise is told, and the rest is the blur
		final Plane blurred = ValidConvolution.convolve(e.sharp(), e.kernel());
		final int margin = e.kernel().width() / 2, n = blurred.width();
		double sum = 0;
		for (int y = 0; y < n; y++)
			for (int x = 0; x < n; x++)
				sum += Math.pow(blurred.get(x, y) - e.blurry().get(x + margin, y + margin), 2);
		assertEquals(e.noise(), Math.sqrt(sum) / n, 0.05 * e.noise() + 1e-6);
		final Path gone = examples.resolve("train-000005.safetensors");
		final byte[] before = Files.readAllBytes(gone);
		Files.delete(gone);
		final int[] asked = { 0 };
		ESTIMATED.make(images(), (blurry, size) -> {
			asked[0]++;
			return found(blurry, size);
		}, "a diagonal", examples, 30, Progress.NONE);
		assertEquals(1, asked[0], "made anew what was there");
		assertArrayEquals(before, Files.readAllBytes(gone));
		final String told = assertThrows(IOException.class, () -> new EstimatedExamples(90, 5, 9, "motion", 0.02, 4).make(images(),
			RestorationTrainerTest::found, "a diagonal", examples, 31, Progress.NONE)).getMessage();
		assertTrue(told.startsWith(examples + " holds examples that were made otherwise, as ") && told.contains("blur=camera-shake"),
			told);
	}

	/** The sharp image is moved to where a kernel that lies elsewhere puts it. */
	@Test
	void shiftIsFoundAndTakenOff() {
		final Plane kernel = new CameraShake().sample(15, new SplittableRandom(3)), moved = wrong(kernel);
		final KernelShift shift = KernelShift.of(kernel, moved);
		assertEquals(4 - 2 - 0.2, shift.dx(), 0.1);
		assertEquals(1 - 2, shift.dy(), 0.1);
		assertTrue(shift.likeness() > 0.95);
		// blurred with the moved kernel, the moved image is the same
		final Plane sharp = new Plane(60, 60);
		for (int i = 0; i < 3600; i++)
			sharp.pixels()[i] = (float) (0.5 + 0.2 * Math.sin(0.5 * (i % 60)) + 0.2 * Math.cos(0.4 * (i / 60) + 0.2 * (i % 60)));
		final Plane a = ValidConvolution.convolve(sharp, kernel), b = ValidConvolution.convolve(shift.moved(sharp), moved);
		double worst = 0;
		for (int y = 10; y < 30; y++)
			for (int x = 10; x < 30; x++)
				worst = Math.max(worst, Math.abs(a.get(x + 2, y + 2) - b.get(x, y)));
		assertTrue(worst < 0.01, "off by " + worst);
	}

	/** From where kernels seem to lie to where the images do, to a few hundredths of a pixel. */
	@Test
	void imagesLieMoreExactlyThanKernels() {
		final Random random = new Random(2);
		final Plane sharp = new Plane(90, 80);
		for (int i = 0; i < sharp.pixels().length; i++)
			sharp.pixels()[i] = (float) (0.5 + 0.3 * Math.sin(0.35 * (i % 90)) * Math.cos(0.3 * (i / 90)) + 0.05 * random.nextGaussian());
		final KernelShift is = new KernelShift(1.31, -0.62, 0.9), found = new KernelShift(0.8, -0.3, 0.9).improved(is.moved(sharp), sharp);
		assertEquals(is.dx(), found.dx(), 0.03);
		assertEquals(is.dy(), found.dy(), 0.03);
		assertEquals(0.9, found.likeness());
	}

	@Test
	void plansAreChecked() {
		assertTrue(assertThrows(IllegalArgumentException.class, () -> plan(10, 1.5)).getMessage().contains("1.5"));
		assertTrue(assertThrows(IllegalArgumentException.class, () -> new EstimatedExamples(60, 9, 31, "mixed", 0, 1))
			.getMessage().contains("93"));
		assertTrue(assertThrows(IllegalArgumentException.class, () -> new RestorationSpec(2, 8, 4, 8, 2)).getMessage().contains(
			"odd"));
		assertTrue(assertThrows(IllegalArgumentException.class, () -> RestorationSpec.parse("{\"stages\":2}")).getMessage()
			.contains("stages"));
		assertEquals(SPEC, RestorationSpec.parse(SPEC.json()));
	}
}

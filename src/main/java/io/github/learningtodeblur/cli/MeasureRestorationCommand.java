package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.restore.TiledRestoration;
import io.github.learningtodeblur.train.AlignedExample;
import io.github.learningtodeblur.train.EstimatedExample;
import io.github.learningtodeblur.train.EstimatedExamples;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares restorations where it counts: with kernels that were estimated, of pictures that nobody was trained on. */
@Command(name = "measure-restoration", mixinStandardHelpOptions = true,
	description = "PSNR of restorations on the held-out examples of a folder (estimate-examples), with the estimated" +
		" and the true kernel.")
final class MeasureRestorationCommand implements Callable<Integer> {

	@Option(names = "--estimated", required = true, description = "folder of examples with estimated kernels")
	private Path estimated;

	@Option(names = "--restorations", split = ",", description = "names, or files of learned restorations")
	private List<String> names = List.of("sparse", "learned");

	@Mixin
	private DeviceOption device;

	@Option(names = "--count", description = "of examples, at most")
	private int count = Integer.MAX_VALUE;

	@Override
	public Integer call() throws IOException {
		final List<EstimatedExample> all = EstimatedExamples.read(estimated, true);
		if (all.isEmpty()) throw new IOException("There are no held-out examples in " + estimated);
		final List<EstimatedExample> examples = all.subList(0, Math.min(count, all.size()));
		System.out.println("restoration examples psnr_input psnr_estimated psnr_true seconds");
		final Restoration usual = new FittedRestoration(1, device.shared());
		final List<AlignedExample> aligned = examples.stream().map(e -> AlignedExample.of(e, usual)).toList();
		double input = 0;
		for (final EstimatedExample e : examples)
			input += Score.of(e.blurry(), e.sharp()).psnr() / examples.size();
		for (final String name : names) {
			final Restoration restoration = new TiledRestoration(Restorations.open(name, device.shared()));
			final List<Double> found = new ArrayList<>(), real = new ArrayList<>();
			long nanos = 0;
			for (int i = 0; i < examples.size(); i++) {
				final EstimatedExample e = examples.get(i);
				final long start = System.nanoTime();
				final Plane restored = restoration.restore(e.blurry(), e.estimate(), Progress.NONE);
				nanos += System.nanoTime() - start;
				found.add(Score.of(restored, aligned.get(i).sharp()).psnr());
				real.add(Score.of(restoration.restore(e.blurry(), e.kernel(), Progress.NONE), e.sharp()).psnr());
			}
			System.out.printf(Locale.ROOT, "%s %d %.2f %.2f %.2f %.3f%n", name, examples.size(), input, mean(found), mean(real),
				nanos * 1e-9 / examples.size());
		}
		return 0;
	}

	private static double mean(final List<Double> values) {
		return values.stream().mapToDouble(v -> v).average().orElseThrow();
	}
}

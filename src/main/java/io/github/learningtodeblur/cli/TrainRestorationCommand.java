package io.github.learningtodeblur.cli;

import static io.github.learningtodeblur.cli.RunOptions.or;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.RestorationModel;
import io.github.learningtodeblur.model.RestorationSpec;
import io.github.learningtodeblur.train.Optimizer;
import io.github.learningtodeblur.train.RestorationPlan;
import io.github.learningtodeblur.train.RestorationTrainer;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains the restoration that follows the search for a kernel. */
@Command(name = "train-restoration", mixinStandardHelpOptions = true,
	description = "Trains a learned restoration on sharp images and on kernels that were estimated (estimate-examples);" +
		" writes the best so far, a checkpoint and a log.")
final class TrainRestorationCommand implements Callable<Integer> {

	private static final double USUAL_MIN_SCALE = 0.6;

	@Mixin
	private SharpImageOptions images;

	@Mixin
	private DeviceOption device;

	@Mixin
	private RunOptions run;

	@Option(names = "--estimated", description = "folder of examples with estimated kernels; it may grow meanwhile")
	private Path estimated;

	@Option(names = "--stages", description = "number of stages")
	private Integer stages;

	@Option(names = "--canvas", description = "side of the examples in pixels, with what is around them")
	private Integer canvas;

	@Option(names = "--smallest", description = "smallest size of the kernels' frames, odd")
	private Integer smallest;

	@Option(names = "--largest", description = "largest size, odd")
	private Integer largest;

	@Option(names = "--noise", description = "largest standard deviation; most examples have much less")
	private Double noise;

	@Option(names = "--unseen", description = "largest standard deviation of smooth errors, which no estimate of the noise sees")
	private Double unseen;

	@Option(names = "--estimated-share", description = "share of the examples with an estimated kernel")
	private Double share;

	@Override
	public Integer call() throws IOException {
		run.checkOut();
		if (estimated != null && !Files.isDirectory(estimated)) throw new IOException("There is no folder " + estimated);
		final RestorationPlan plan = plan();
		final RestorationModel start = run.from == null ? null : RestorationModel.read(Path.of(run.from));
		return Parallelization.runWithNumThreads(run.threads, () -> {
			try (Backend backend = device.open()) {
				final RestorationTrainer trainer = new RestorationTrainer(plan, backend, images.load(or(run.minScale,
					USUAL_MIN_SCALE)), estimated, run.description("Learned restoration", images), this::print);
				if (run.resume) trainer.resume(RestorationTrainer.checkpointFile(run.out));
				else if (start != null) trainer.startFrom(start);
				final Canceler progress = new Canceler();
				trainer.run(run.out, progress);
				progress.finished();
				System.out.println("done model=" + run.out + " log=" + RestorationTrainer.logFile(run.out) + (progress.canceled()
					? " canceled" : ""));
				return 0;
			}
		});
	}

	private RestorationPlan plan() {
		final RestorationSpec u = RestorationSpec.USUAL;
		final RestorationPlan p = RestorationPlan.usual(new RestorationSpec(or(stages, u.stages()), or(run.filters, u.filters()),
			or(run.filterSize, u.filterSize()), or(run.hidden, u.hidden()), or(run.layers, u.layers())));
		return new RestorationPlan(p.spec(), run.seed, or(canvas, p.canvas()), or(run.blur, p.blur()), or(smallest, p
			.smallest()), or(largest, p.largest()), or(noise, p.noise()), or(unseen, p.unseen()), or(share, p.estimated()), or(
				run.earlierLoss, p.earlierLoss()), run.optimizer == null ? p.optimizer() : Optimizer.Kind.named(run.optimizer), or(
					run.rate, p.rate()), or(run.batch, p.batch()), run.budget());
	}

	private void print(final RestorationTrainer.Status s) {
		System.out.printf(Locale.ROOT,
			"%.0f min  examples %d  %.1f/s  loss %.2f dB  held out: true kernels %.2f dB, estimated %.2f dB  rate %.4f  %.0f %%%n",
			s.seconds() / 60, s.examples(), s.examplesPerSecond(), -s.loss(), s.truePsnr(), s.estimatedPsnr(), s.rate(), 100 * s
				.done());
	}
}

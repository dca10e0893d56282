package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.train.EstimatedExamples;
import io.github.learningtodeblur.train.SharpImages;
import io.github.learningtodeblur.util.Progress;
import net.imglib2.parallel.Parallelization;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes what a learned restoration is trained on, besides true kernels. */
@Command(name = "estimate-examples", mixinStandardHelpOptions = true,
	description = "Blurs sharp images, estimates the kernels, and keeps both, to train a restoration on.")
final class EstimateExamplesCommand implements Callable<Integer> {

	@Mixin
	private SharpImageOptions images;

	@Mixin
	private LearnedRefinementOption last;

	@Mixin
	private MethodOptions method;

	@Option(names = "--out", required = true, description = "folder; examples in it are kept, those missing made")
	private Path out;

	@Option(names = "--count", description = "number of examples; one in ten is of held-out images, to measure with")
	private int count = 1000;

	@Option(names = "--crop", description = "side of the blurry pictures in pixels")
	private int crop = 208;

	@Option(names = "--smallest", description = "smallest size of the kernels' frames, odd")
	private int smallest = 9;

	@Option(names = "--largest", description = "largest size, odd")
	private int largest = 31;

	@Option(names = "--blur", description = "camera-shake, defocus, gaussian, motion, mixed or paper-shake")
	private String blur = "mixed";

	@Option(names = "--noise", description = "largest standard deviation; most examples have less")
	private double noise = 0.05;

	@Option(names = "--min-scale", description = "images are shrunk by random factors down to this")
	private double minScale = 0.6;

	@Option(names = "--seed", description = "of images, kernels and noise")
	private long seed = 1;

	@Option(names = "--threads", description = "default: all")
	private int threads = Runtime.getRuntime().availableProcessors();

	@Override
	public Integer call() throws IOException {
		final EstimatedExamples recipe = new EstimatedExamples(crop, smallest, largest, blur, noise, seed);
		final Deblurring deblurring = last.applied(method.deblurring(), method.device);
		final Canceler progress = new Canceler();
		return Parallelization.runWithNumThreads(threads, () -> {
			final SharpImages.Split split = images.load(minScale);
			recipe.make(split, (blurry, size) -> deblurring.withLargestBlur(new BlurSize(size)).estimateKernel(blurry, Progress.NONE),
				last.toString(), out, count, progress);
			progress.finished();
			System.out.println("done folder=" + out + (progress.canceled() ? " canceled" : ""));
			return 0;
		});
	}
}

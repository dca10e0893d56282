package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Path;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.batch.FolderJob;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.search.KernelRefinement;
import io.github.learningtodeblur.restore.Restoration;
import io.github.learningtodeblur.restore.Restorations;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to deblur, for all commands that do. */
public final class MethodOptions {

	@Option(names = "--model", description = "name of a bundled model, or a file")
	String model = "camera-shake";

	@Option(names = "--refine", description = "rounds of refinement after the network; 0 for none")
	private int rounds = KernelRefinement.DEFAULT_ROUNDS;

	@Option(names = "--blurred", arity = "0..1", fallbackValue = "true",
		description = "the images are blurred for certain: a kernel is looked for even if they look sharp")
	private boolean blurred;

	@Option(names = "--restoration", description = "learned (default; after the models text and microscopy, the one trained on such), learned-text, learned-microscopy, sparse, wiener or richardson-lucy; or " +
		"the file of a learned one")
	private String restoration = Restorations.USUAL;

	@Mixin
	final DeviceOption device = new DeviceOption();

	/** Name of a model, or a file. */
	public String model() {
		return model;
	}

	/** Name of a restoration, or path of a file from the root: the one asked for, or of its kind the one that suits the model. */
	public String restorationName() {
		final String name = Restorations.after(model, restoration);
		return Restorations.isFile(name) ? Path.of(name).toAbsolutePath().toString() : name;
	}

	/** To be sent to other machines. */
	public FolderJob.Method method(final String size) throws IOException {
		return new FolderJob.Method(Models.bytes(model), model, BlurSize.parse(size), rounds, blurred, device.name());
	}

	Deblurring deblurring() throws IOException {
		return new Deblurring(Models.open(model), device.shared()).withRefinement(new KernelRefinement(rounds)).withBlurAssumed(blurred);
	}

	/** Of values in about [0, 1]: {@link Deblurring} takes any, others need an {@code ObservedRestoration}. */
	Restoration restoration() throws IOException {
		return Restorations.open(restorationName(), device.shared());
	}
}

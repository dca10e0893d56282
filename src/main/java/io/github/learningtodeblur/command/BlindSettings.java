package io.github.learningtodeblur.command;

import java.io.File;
import java.io.IOException;
import java.util.List;

import ij.ImagePlus;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.Report;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Backends;
import io.github.learningtodeblur.restore.ObservedRestoration;
import io.github.learningtodeblur.restore.Restorations;
import io.github.learningtodeblur.util.Progress;

/**
 * The settings of blind deconvolution, as its commands declare them, ready to be applied to images. The
 * model is read once.
 */
final class BlindSettings {

	/**
	 * @param reports of the kernels, in their order
	 * @param remark what the user should know; may be empty
	 */
	record Result(ImagePlus deblurred, KernelSet kernels, List<Report> reports, String remark) {}

	private final Deblurring deblurring;
	private final ObservedRestoration method;
	private final String kernels;
	private final boolean linear;
	private final String told;
	private final String restored;

	/** @throws IOException or IllegalArgumentException with a sentence for the user */
	BlindSettings(final File model, final String size, final boolean refine, final String restoration,
		final double strength, final String kernels, final boolean linear, final boolean blurred, final String device) throws IOException
	{
		final Backend backend = Backends.shared(device);
		final String suitable = Restorations.after(ModelFile.name(model), restoration);
		method = new ObservedRestoration(Restorations.open(suitable, strength, backend));
		deblurring = ModelFile.open(model, size, refine, blurred, backend);
		this.kernels = kernels;
		this.linear = linear;
		told = "blind; model " + model;
		restored = (refine ? ", refined" : "") + ", restoration " + suitable + ", strength " + strength + (linear ? ", in linear light" : "") +
			(blurred ? ", blurred for certain" : "");
	}

	/**
	 * Estimates the kernels of the image, or of what is selected in it, and restores all of it.
	 *
	 * @param mask of what to believe; null for all
	 */
	Result deblur(final ImagePlus image, final ImagePlus mask, final Progress progress) throws IOException {
		final Hyperstack stack = new Hyperstack(image, mask, linear);
		final KernelSet set = KernelSet.estimate(stack, deblurring, kernels, progress.part(0, 2, ""));
		final ImagePlus result = set.restored("deblurred-" + image.getTitle(), stack, method, progress.part(1, 2, ""));
		final String remark = stack.sign(result, told + ", kernel size " + set.at(1, 1, 1).width() + restored);
		final List<Report> reports = set.reports(stack);
		ReportTable.mark(result, reports);
		return new Result(result, set, reports, remark);
	}
}

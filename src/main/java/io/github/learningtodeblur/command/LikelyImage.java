package io.github.learningtodeblur.command;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import ij.ImagePlus;
import io.github.learningtodeblur.search.KernelSearch;

/**
 * The open image most probably meant, with which a dialog begins. Our commands name what they make after their
 * image: "blurred-x", "kernel-x", "deblurred-blurred-x".
 */
final class LikelyImage {

	private static final String KERNEL = "kernel";
	private static final String DEBLURRED = "deblurred-";

	private LikelyImage() {}

	/** Notes in an image that it is a kernel; also found when it is saved and opened again. */
	static ImagePlus asKernel(final ImagePlus image) {
		image.setProp(ReportTable.HOW, KERNEL);
		return image;
	}

	/**
	 * The image to work on: the active one. If a kernel is asked for as well, and the active image is one that we
	 * made, it is what goes with it.
	 *
	 * @param second name of the other image that is asked for
	 */
	static ImagePlus main(final String second, final List<ImagePlus> open, final ImagePlus active) {
		if (!second.equals(KERNEL) || !isOurs(active)) return active;
		return open.stream().filter(i -> i != active && mayBeKernel(active, i)).max(Comparator.comparingInt(
			i -> (named(active, i) ? 2 : 0) + (isOurs(i) ? 0 : 1))).orElse(active);
	}

	/**
	 * @param parameter "kernel", "sharp", or another, for which there is no guess
	 * @param open in the order in which they were opened: of equal ones, the last is meant
	 * @param image to work on
	 * @return null if none is likely
	 */
	static ImagePlus of(final String parameter, final List<ImagePlus> open, final ImagePlus image) {
		final List<ImagePlus> others = open.stream().filter(i -> i != image).toList();
		if (parameter.equals("sharp")) return others.stream().filter(i -> image.getTitle().endsWith("-" + i
			.getTitle()) && !image.getTitle().equals(DEBLURRED + i.getTitle())).min(Comparator.comparingInt(i -> i.getTitle().length())).orElse(null);
		if (!parameter.equals(KERNEL)) return null;
		return others.stream().filter(i -> mayBeKernel(i, image)).filter(i -> rank(i, image) > 0).reduce((a, b) -> rank(
			a, image) > rank(b, image) ? a : b).orElse(null);
	}

	/** Of all that {@link #mayBeKernel may be} the kernel of an image, what is the most likely; 0 if it is not likely. */
	private static int rank(final ImagePlus kernel, final ImagePlus image) {
		final String title = kernel.getTitle().toLowerCase();
		if (named(kernel, image)) return 5;
		if (isOurs(kernel)) return 4;
		if (title.startsWith(KERNEL)) return 3;
		if (title.contains("psf") || title.contains(KERNEL)) return 2;
		final int side = kernel.getWidth();
		return side == kernel.getHeight() && side % 2 == 1 && side <= KernelSearch.LARGEST_KERNEL ? 1 : 0;
	}

	private static boolean mayBeKernel(final ImagePlus kernel, final ImagePlus image) {
		return kernel.getWidth() <= image.getWidth() && kernel.getHeight() <= image.getHeight() && kernel
			.getWidth() + kernel.getHeight() < image.getWidth() + image.getHeight();
	}

	/** Whether the kernel's title says that it is this image's; with a number at its end, if it was not the first. */
	private static boolean named(final ImagePlus kernel, final ImagePlus image) {
		final String prefix = KERNEL + "-", title = kernel.getTitle();
		return title.startsWith(prefix) && Stream.of(title, title.replaceFirst("-\\d+(?=(\\.\\w+)?$)", "")).anyMatch(t -> t.length() > prefix
			.length() && ("-" + image.getTitle()).endsWith("-" + t.substring(prefix.length())));
	}

	private static boolean isOurs(final ImagePlus image) {
		return Objects.equals(KERNEL, image.getProp(ReportTable.HOW));
	}
}

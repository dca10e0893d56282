package io.github.learningtodeblur.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;

import org.junit.jupiter.api.Test;

import ij.ImagePlus;
import ij.process.ByteProcessor;

/** With which images a dialog begins. */
class LikelyImageTest {

	private static ImagePlus image(final String title, final int width, final int height) {
		return new ImagePlus(title, new ByteProcessor(width, height));
	}

	private final ImagePlus blurred = image("blurred-x.png", 90, 80);
	private final ImagePlus sharp = image("x.png", 90, 80);
	private final ImagePlus other = image("y.png", 90, 80);

	@Test
	void whatCanBeAKernel() {
		final ImagePlus small = image("measured.tif", 17, 17), even = image("icon.png", 16, 16), wide = image(
			"strip.png", 31, 7);
		assertEquals(small, LikelyImage.of("kernel", List.of(sharp, even, wide, small, blurred), blurred));
		assertNull(LikelyImage.of("kernel", List.of(sharp, even, wide, blurred), blurred));
		assertNull(LikelyImage.of("kernel", List.of(image("large", 301, 301), blurred), blurred));
		assertNull(LikelyImage.of("kernel", List.of(small), small), "never the image itself");
		final ImagePlus psf = image("PSF 16.tif", 16, 16);
		assertEquals(psf, LikelyImage.of("kernel", List.of(small, psf, blurred), blurred));
	}

	@Test
	void oursAreKnownByTitleOrByTheirNote() {
		final ImagePlus small = image("measured.tif", 17, 17);
		final ImagePlus renamed = LikelyImage.asKernel(image("a.tif", 18, 19)), its = image("kernel-x.png", 15,
			15), theirs = image("kernel-y.png", 15, 15);
		assertEquals(renamed, LikelyImage.of("kernel", List.of(small, renamed), blurred));
		assertEquals(its, LikelyImage.of("kernel", List.of(theirs, renamed, its, small), blurred));
		assertEquals(its, LikelyImage.of("kernel", List.of(its, renamed), sharp));
	}

	/** Estimated once more: the title has a number. */
	@Test
	void theLastOfSeveral() {
		final ImagePlus first = LikelyImage.asKernel(image("kernel-x.png", 15, 15)), second = LikelyImage.asKernel(image("kernel-x-1.png", 15,
			15)), other = LikelyImage.asKernel(image("kernel-z-1.png", 15, 15));
		assertEquals(second, LikelyImage.of("kernel", List.of(sharp, first, second, other), sharp));
		assertEquals(first, LikelyImage.of("kernel", List.of(sharp, second, first, other), sharp));
	}

	/** Just estimated, the kernel is the active image; who then deconvolves means what it belongs to. */
	@Test
	void theActiveImageUnlessItIsTheKernel() {
		final ImagePlus kernel = LikelyImage.asKernel(image("kernel-blurred-x.png", 15, 15));
		assertEquals(blurred, LikelyImage.main("kernel", List.of(sharp, blurred, other, kernel), kernel));
		assertEquals(kernel, LikelyImage.of("kernel", List.of(sharp, blurred, other, kernel), blurred));
		assertEquals(other, LikelyImage.main("kernel", List.of(sharp, blurred, other, kernel), other));
		assertEquals(kernel, LikelyImage.main("sharp", List.of(blurred, kernel), kernel));
		assertEquals(kernel, LikelyImage.main("kernel", List.of(kernel), kernel), "there is no other");
	}

	@Test
	void theSharpImage() {
		final ImagePlus deblurred = image("deblurred-blurred-x.png", 90, 80);
		assertEquals(sharp, LikelyImage.of("sharp", List.of(other, sharp, blurred, deblurred), deblurred));
		assertNull(LikelyImage.of("sharp", List.of(other, deblurred), deblurred));
		assertNull(LikelyImage.of("sharp", List.of(blurred, deblurred), deblurred), "what it was made from");
		assertNull(LikelyImage.of("reference", List.of(other, sharp, deblurred), deblurred));
	}
}

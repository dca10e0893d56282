package io.github.learningtodeblur.batch;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

import io.github.learningtodeblur.BlurSize;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.search.KernelRefinement;

/**
 * All that a machine must be told to deblur files of a folder. The folders are such that all machines see by the same names.
 *
 * @param images folder
 * @param results folder, which exists
 * @param method how kernels are found
 * @param restoration what follows, see {@code Restorations.open}; a file must be seen by all machines
 * @param linear whether the gamma of sRGB is taken off before and put on again after
 */
public record FolderJob(String images, String results, Method method, String restoration, boolean linear) implements
	Serializable
{

	/**
	 * How kernels are found.
	 *
	 * @param model bytes of a model's file, see {@link Models#bytes}
	 * @param name of that file, for messages
	 * @param size largest blur
	 * @param rounds of refinement
	 * @param blurred whether a kernel is looked for even if an image looks sharp
	 * @param device see {@code Backends.open}
	 */
	public record Method(byte[] model, String name, BlurSize size, int rounds, boolean blurred, String device) implements
		Serializable
	{

		/** A network with memory of its own, if the device is nobody else's. */
		public Deblurring on(final Backend backend) throws IOException {
			return new Deblurring(Models.of(model, name), backend).withRefinement(new KernelRefinement(rounds)).withLargestBlur(size)
				.withBlurAssumed(blurred);
		}
	}

	/** One row for each file that was tried. */
	public Table table() {
		return new Table(Path.of(results), FileDeblurring.COLUMNS);
	}
}

package io.github.learningtodeblur.cli;

import java.io.IOException;
import java.nio.file.Path;

import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.model.Models;
import io.github.learningtodeblur.search.LearnedRefinement;
import picocli.CommandLine.Option;

/** What follows the choice of a kernel: to measure what it brings, and to make examples to train it on. */
final class LearnedRefinementOption {

	private static final String NONE = "none";

	@Option(names = "--learned-refinement", description = "general (default), none (then nothing follows the choice of a kernel), or the file of a network that improves kernels")
	private String name = LearnedRefinement.USUAL;

	Deblurring applied(final Deblurring usual, final DeviceOption device) throws IOException {
		if (name.equals(LearnedRefinement.USUAL)) return usual;
		return usual.withLearnedRefinement(name.equals(NONE) ? null : new LearnedRefinement(Models.read(Path.of(name)), device.shared()));
	}

	@Override
	public String toString() {
		return "learned refinement " + name;
	}
}

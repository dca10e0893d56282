package io.github.learningtodeblur.search;

import java.util.List;

/** Says which of several kernels to take, and how far it is to be believed. */
@FunctionalInterface
public interface Chooser {

	/** @param number of the kernel, from 0 */
	record Choice(int number, Confidence confidence) {}

	/** @param candidates after {@link Candidate#compared}, at least one */
	Choice choose(List<Candidate> candidates);
}

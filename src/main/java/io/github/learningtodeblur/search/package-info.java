/**
 * The way from an image to its kernel, {@link io.github.learningtodeblur.search.KernelSearch}: the network in several frames;
 * beyond the paper, {@linkplain io.github.learningtodeblur.search.KernelRefinement further rounds} of image and kernel
 * estimation with a hand-made prior, and {@linkplain io.github.learningtodeblur.search.ReweightedRefinement others} that end the
 * search; and {@linkplain io.github.learningtodeblur.search.Judgement what is learned}: whether there
 * is a blur at all, which of several kernels is the best, and how far it is to be believed.
 */
package io.github.learningtodeblur.search;

/**
 * Beyond the paper: the network's kernel, made better by further rounds of image and kernel estimation with
 * a hand-made prior. {@link io.github.learningtodeblur.refine.KernelRefinement} is the way in,
 * {@link io.github.learningtodeblur.refine.Candidate} chooses among its results.
 */
package io.github.learningtodeblur.refine;

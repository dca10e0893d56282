/**
 * Section 3.3 of the paper: sharp crops, sampled blurs and noise make examples; the trainer adds stage after
 * stage and scale after scale. Example i of a source is a pure function of (seed, i), so that every run can be
 * repeated and resumed.
 */
package io.github.learningtodeblur.train;

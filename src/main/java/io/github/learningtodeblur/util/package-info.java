/**
 * Leaf helpers for everyone: planes of floats, resampling, work split over threads, progress and cancel.
 */
package io.github.learningtodeblur.util;

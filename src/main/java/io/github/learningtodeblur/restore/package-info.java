/**
 * Non-blind deconvolution: the kernel is known, the sharp image is sought. Written once, for all
 * devices ({@link io.github.learningtodeblur.backend.Backend}).
 * <p>
 * Nothing is known of the scene outside the photograph, although it shines in over the borders; a
 * circular deconvolution that ignores this rings. The image is extended by 1.5 kernel widths, smoothly like a soap film
 * between its borders ({@code Borders}), and after each step the unknown pixels of the blurry image
 * are predicted: they
 * become what the present estimate looks like when blurred. That is an expectation-maximisation
 * step: only pixels that were observed tell about the sharp image, the others no longer contradict
 * it. Other extensions, measured: models/TRAINING.md, "Constants".
 */
package io.github.learningtodeblur.restore;

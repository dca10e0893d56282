/**
 * Non-blind deconvolution: the kernel is known, the sharp image is sought. Plain Java on {@code
 * float[]}; of the CPU backend only the Fourier transform is used, but for {@link
 * io.github.learningtodeblur.restore.LearnedRestoration}, a network.
 * <p>
 * Nothing is known of the scene outside the photograph, although it shines in over the borders; a
 * circular deconvolution that ignores this rings. What is done here, with its effect on 16
 * photographs of Levin et al. (2009) with their true kernels, by {@link
 * io.github.learningtodeblur.restore.SparseRestoration} with alpha 0.8, lambda 2000: mean PSNR in dB
 * as {@code evaluate.Score} has it, and RMS error within 5 pixels of the border (inside: 0.022).
 * Extensions are one kernel wide if nothing else is said.
 * <pre>
 * extension                                     left as it is   predicted   RMS at the border
 * zeros                                                 28.92       29.78               0.200
 * border pixels repeated                                31.13       31.71               0.069
 * the same, blurred four times (edge taper)             32.58       32.72               0.054
 * cosine transition to the opposite border              32.41       32.59               0.051
 * soap film (class Borders)                             32.70       32.78               0.049
 * the same, 1.5 kernels wide: chosen                                32.82               0.049
 * </pre>
 * "Predicted", on which the RMS is measured: after each step the unknown pixels of the blurry image
 * become what the present estimate looks like when blurred. That is an expectation-maximisation
 * step: only pixels that were observed tell about the sharp image, the others no longer contradict
 * it. Predicting several times before the first step, or making the extension twice or three times
 * the kernel wide, changes about 0.01 dB.
 */
package io.github.learningtodeblur.restore;

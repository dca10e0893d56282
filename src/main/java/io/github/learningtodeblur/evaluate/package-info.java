/**
 * How good a result is: {@link io.github.learningtodeblur.evaluate.Score} for images, {@link
 * io.github.learningtodeblur.evaluate.KernelError} for kernels. Depends on {@code util} only.
 */
package io.github.learningtodeblur.evaluate;

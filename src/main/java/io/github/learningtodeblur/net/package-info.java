/**
 * The network of Schuler, Hirsch, Harmeling and Schölkopf, <em>Learning to Deblur</em> (arXiv 1406.7444),
 * section 3: feature extraction, kernel estimation and image estimation, stacked into stages, stages into
 * scales, scales from coarse to fine. Every module is bound once to a backend and an image size, which
 * allocates all it needs; a forward or backward pass then allocates nothing on the device. Knows nothing of
 * ImageJ, ImgLib2 or files.
 * <p>
 * What the paper leaves open is decided as follows.
 * <ul>
 * <li>Filters are applied as correlations over the valid region; 9x9 unless the spec says otherwise.</li>
 * <li>The estimated kernel is cropped, negative values set to zero, and divided by its sum: a blur neither
 * adds nor takes light, and the deconvolution that follows needs it so.</li>
 * <li>beta_k is 1e-4 or learned, by the spec; of both betas the logarithm is stored.</li>
 * <li>Image estimation pads the blurry image at the right and at the bottom by a smooth transition to the
 * opposite edge ({@link io.github.learningtodeblur.util.WrapAround}), so that the circular division does not
 * ring at the borders; what rings nevertheless is faded out by the window on the features.</li>
 * <li>Between scales images are resampled with a Catmull-Rom cubic, widened when shrinking; the size of a
 * scale is the image's times the ratio of its kernel size to the finest.</li>
 * <li>The loss is the relative squared error of the kernel, so that examples with peaky kernels do not
 * dominate, unless the squared error itself is asked for. In training the true kernel is usually first moved to where the estimated one lies ({@link
 * io.github.learningtodeblur.net.KernelAlignment}): of the errors that the paper's loss sees, a third or more is
 * nothing but shifts. And it is compared at several resolutions ({@link
 * io.github.learningtodeblur.net.KernelLoss}), as images are.</li>
 * </ul>
 * {@link io.github.learningtodeblur.net.RestorationNetwork} is not in the paper: the last image estimation, of which the
 * paper leaves the choice to others, unrolled and learned in the same way.
 */
package io.github.learningtodeblur.net;

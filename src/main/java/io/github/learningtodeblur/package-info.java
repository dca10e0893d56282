/**
 * The library's front door: {@link io.github.learningtodeblur.Deblurring} takes images and a model, and returns
 * the sharp image and the kernel. Works from plain Java.
 * <p>
 * What is where, from the bottom up:
 * <ul>
 * <li>{@code util}: planes, resampling, threads, progress; leans on nothing of ours</li>
 * <li>{@code model}: what a trained network is and how it is saved; knows no device</li>
 * <li>{@code backend}: the operations a device must offer, and the one place where a device is chosen ({@code
 * Backends}); {@code backend.cpu}: the CPU's, with two sets of hot loops; {@code backend.cuda}: an
 * NVIDIA GPU's, through JCuda</li>
 * <li>{@code net}: the network of the paper, and that of a learned restoration, written once against {@code backend}, as are
 * {@code restore} and {@code search}</li>
 * <li>{@code observe}: what can be believed of a picture, and the range of its values</li>
 * <li>{@code restore}: deconvolution with a known kernel; {@code search}: the way from an image to its kernel: the network, better kernels than the network's, and the
 * choice among several; {@code evaluate}: how good the result is</li>
 * <li>{@code modules}: the paper's modules with images of ImgLib2, each callable by itself</li>
 * <li>{@code files}: image files; {@code train}: examples and the trainer</li>
 * <li>this package: the front door</li>
 * <li>{@code batch}: work of many pieces that may be spread over machines</li>
 * <li>{@code cli}: the command line; {@code command}: the plugin</li>
 * <li>{@code cluster}, in {@code src/spark}: {@code batch} on Spark</li>
 * </ul>
 * Imports point up this list only, to what comes before; {@code ArchitectureTest} sees to it.
 */
package io.github.learningtodeblur;

/**
 * The modules of <em>Learning to Deblur</em> (section 3 of the paper), each callable by itself, with images of ImgLib2:
 * <pre>
 * module                     in                                    out                      equation
 * {@link io.github.learningtodeblur.modules.FeatureExtractor}           blurry image, latent image            pairs x~, y~             2
 * {@link io.github.learningtodeblur.modules.KernelQuotient}             pairs                                 kernel                   3, 4
 * {@link io.github.learningtodeblur.modules.ImageQuotient}              blurry image, kernel                  latent image             5
 * {@link io.github.learningtodeblur.modules.NetworkStage}               blurry image, latent image            all three                section 3.2
 * {@link io.github.learningtodeblur.modules.DeblurringNetwork}          blurry image                          all stages, the kernel   section 3.2
 * {@link io.github.learningtodeblur.modules.BlockRestoration}           blurry image of any size, kernel      sharp image
 * </pre>
 * In: {@code RandomAccessibleInterval}s of any {@code RealType}, values as they are. Out: an {@code Img<FloatType>}, or an interval that the
 * caller gives, which may be a block of a larger image. An {@code ArrayImg<FloatType>} is used without a copy. Modules
 * keep nothing but their weights, and can be used by several threads at a time.
 * <p>
 * The computing is done by the layers in {@code net} and by {@code restore}; here they are bound to an image's size for
 * one call.
 */
package io.github.learningtodeblur.modules;

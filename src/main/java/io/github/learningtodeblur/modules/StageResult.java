package io.github.learningtodeblur.modules;

import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.FloatType;

/**
 * What a stage of the network makes of an image of (w, h).
 *
 * @param features (w - k + 1, h - k + 1, 2 n), k being the size of the filters: first all x~_i, then all y~_i, under the window
 *          that the division in Fourier space needs
 * @param kernel square, not negative, of sum 1; all 0 if nothing was found above 0
 * @param latent (w, h), for the next stage
 */
public record StageResult(Img<FloatType> features, Img<FloatType> kernel, Img<FloatType> latent) {}

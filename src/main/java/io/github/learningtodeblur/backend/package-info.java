/**
 * What a device must do, as some forty operations on tensors. Layers, deconvolution and refinement are written
 * once, against {@link io.github.learningtodeblur.backend.Backend}; {@link
 * io.github.learningtodeblur.backend.Backends} opens one.
 */
package io.github.learningtodeblur.backend;

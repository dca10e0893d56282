/**
 * What a device must do for the network, as some thirty operations on tensors. The layers in {@code net} are
 * written once, against {@link io.github.learningtodeblur.backend.Backend}.
 */
package io.github.learningtodeblur.backend;

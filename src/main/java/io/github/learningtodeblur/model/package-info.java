/**
 * What is saved of a network: its layout ({@link io.github.learningtodeblur.model.ModelSpec}), its weights and
 * texts ({@link io.github.learningtodeblur.model.Model}), and the file format. Knows no device, no ImageJ,
 * and does not compute.
 */
package io.github.learningtodeblur.model;

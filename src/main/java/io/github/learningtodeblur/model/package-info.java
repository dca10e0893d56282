/**
 * What is saved of a network: its {@linkplain io.github.learningtodeblur.model.ModelSpec spec}, its weights and
 * where they come from, in safetensors files that are checked in every respect when read.
 */
package io.github.learningtodeblur.model;

package io.github.learningtodeblur.backend;

/** Opaque storage of a device; only the backend that made it knows what is inside. */
public interface Buffer {}

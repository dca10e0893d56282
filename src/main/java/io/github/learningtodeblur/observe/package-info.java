/**
 * What a picture tells, and what it does not: its values lie anywhere, some of its pixels are dead, and things were drawn
 * into it after it was blurred. {@link io.github.learningtodeblur.observe.Observation} is the way in: estimation and
 * restoration get values in about [0, 1], and NaN ({@link io.github.learningtodeblur.util.Unknown}) where a pixel cannot
 * be believed.
 */
package io.github.learningtodeblur.observe;

/**
 * The menu commands in ImageJ and Fiji. Each declares its parameters, calls the library, and wraps the
 * result; names of parameters are the keys of macros and scripts, and are never renamed. ImageJ's recorder
 * turns keys into lower case: hence they are single words without capitals.
 * <p>
 * In Fiji, SciJava finds the commands, asks for parameters and shows the results. In plain ImageJ 1.x there
 * is no SciJava context: {@link io.github.learningtodeblur.command.CommandPlugIn} does the same for every
 * line of {@code plugins.config}.
 */
package io.github.learningtodeblur.command;

/**
 * The menu commands in ImageJ and Fiji. Each declares its parameters, calls the library, and wraps the
 * result; names of parameters are the keys of macros and scripts, and are never renamed. ImageJ's recorder
 * turns keys into lower case: hence they are single words without capitals.
 * <p>
 * ImageJ's menus, macros and recorder, in Fiji as in plain ImageJ, come to the commands through {@code
 * plugins.config} and {@link io.github.learningtodeblur.command.CommandPlugIn}, in the thread of the caller. Fiji
 * would let SciJava run them, ask for parameters, and show results whenever it gets round to it, which is too
 * late for the next line of a macro: hence they are marked "no-legacy". Scripts run them by SciJava's {@code
 * CommandService}, and take what they give back.
 */
package io.github.learningtodeblur.command;

/**
 * The command line: deblur an image, train a model, run a benchmark. Thin over the library.
 */
package io.github.learningtodeblur.cli;

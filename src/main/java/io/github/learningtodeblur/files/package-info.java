/** Reading and writing of image files, without windows; used by training, evaluation and command line. */
package io.github.learningtodeblur.files;

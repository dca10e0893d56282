/**
 * Image files on disk, to and from planes of floats in [0, 1], without windows.
 */
package io.github.learningtodeblur.files;

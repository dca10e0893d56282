/**
 * Zarr (version 2) and OME-Zarr (0.4), as much as blocks of volumes need: reading chunk by chunk, and writing chunks that appear whole.
 */
package io.github.learningtodeblur.cluster.zarr;

/**
 * Work of many pieces that may be spread over machines: each piece is done by itself, its result appears whole, and who starts again
 * goes on. Knows no cluster: what runs the pieces is the command line, or Spark.
 */
package io.github.learningtodeblur.batch;

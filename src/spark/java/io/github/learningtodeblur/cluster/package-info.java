/**
 * Folders and volumes on Spark: what {@code batch} does piece by piece becomes tasks. Built with the profile {@code spark} only, so
 * that nobody else needs Spark.
 */
package io.github.learningtodeblur.cluster;

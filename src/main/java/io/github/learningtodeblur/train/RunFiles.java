package io.github.learningtodeblur.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.github.learningtodeblur.model.Model;
import io.github.learningtodeblur.model.Models;

/** What a run writes: the best model, beside it a checkpoint and a log. */
record RunFiles(Path model) {

	Path checkpoint() {
		return model.resolveSibling(model.getFileName() + ".checkpoint");
	}

	/** In CSV, see {@link TrainingStatus#CSV_HEADER}. */
	Path log() {
		return model.resolveSibling(model.getFileName() + ".csv");
	}

	/** @param fresh whether an old log is replaced */
	void beginLog(final boolean fresh) throws IOException {
		if (fresh || !Files.exists(log())) Files.writeString(log(), TrainingStatus.CSV_HEADER + "\n");
	}

	void log(final TrainingStatus status) throws IOException {
		Files.writeString(log(), status.csv() + "\n", StandardOpenOption.APPEND, StandardOpenOption.CREATE);
	}

	void write(final Model best) throws IOException {
		Models.save(model, best);
	}

	void writeCheckpoint(final Model now, final Optimizers optimizers, final Counters counters) throws IOException {
		new Checkpoint(now, optimizers.state(), counters).write(checkpoint());
	}
}

package io.github.learningtodeblur.cli;

import java.io.IOException;

/** One of the figures that {@link FigureCommand} can draw. */
interface Figure {

	void draw(FigureOptions options) throws IOException;
}

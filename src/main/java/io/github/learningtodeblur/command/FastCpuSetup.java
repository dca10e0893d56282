package io.github.learningtodeblur.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.IJ;

/**
 * Tells whether Java's vector module is on, without which everything is several times slower; if the user
 * agrees, writes a file that makes Fiji's launcher (Jaunch) turn it on. The launcher reads {@code
 * config/jaunch/extra*.toml} and adds the lists there to its own.
 */
@Plugin(type = Command.class, headless = true,
	menuPath = "Plugins>Deblur>Enable Fast CPU Path...")
public class FastCpuSetup extends LibraryCommand {

	static final String MODULE = "jdk.incubator.vector";
	static final String FILE = "extra-deblur.toml";
	static final String CONTENT = "# Written by Plugins > Deblur > Enable Fast CPU Path: delete this file to undo it.\n" +
		"jvm.runtime-args = ['JAVA:17+|--add-modules=" + MODULE + "']\n";

	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private final String now = status();

	@Parameter(label = "Folder of Fiji", style = "directory", autoFill = false, persist = false,
		required = false)
	private File folder = fiji();

	@Parameter(label = "Write config/jaunch/" + FILE + " there", persist = false)
	private boolean write;

	@Parameter(type = ItemIO.OUTPUT)
	private String report;

	@Override
	String title() {
		return "Enable Fast CPU Path";
	}

	private static boolean isOn() {
		return ModuleLayer.boot().findModule(MODULE).isPresent();
	}

	private static String status() {
		return isOn() ? "The fast CPU path is on: there is nothing to be done."
			: "The fast CPU path is off: Java was started without the module " + MODULE + ".";
	}

	private static File fiji() {
		final String property = System.getProperty("scijava.app.directory", System.getProperty(
			"imagej.dir"));
		final String found = property != null ? property : IJ.getDirectory("imagej");
		return found == null ? null : new File(found);
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		if (!write) {
			report = status() + (isOn() ? "" : " Nothing was written.");
			return;
		}
		if (folder == null || !folder.isDirectory()) throw new IOException("There is no folder " + folder);
		final Path jaunch = folder.toPath().resolve("config").resolve("jaunch");
		if (!Files.isDirectory(jaunch)) throw new IOException(folder +
			" is not a Fiji that is started by Jaunch: it has no folder config/jaunch. Elsewhere, start Java with --add-modules=" +
			MODULE);
		final Path file = jaunch.resolve(FILE);
		final boolean was = Files.exists(file);
		try {
			Files.writeString(file, CONTENT);
		}
		catch (final IOException e) {
			throw new IOException("Cannot write " + file + ": no permission, or the disk is full", e);
		}
		report = (was ? "Wrote again " : "Wrote ") + file +
			". Restart Fiji: from then on Java has the module " + MODULE + ". To undo this, delete the file.";
	}
}

package io.github.learningtodeblur.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Attr;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;

import ij.IJ;
import io.github.learningtodeblur.backend.Backends;

/**
 * Tells whether Java's vector module is on, without which everything is several times slower; if the user
 * agrees, writes a file that makes Fiji's launcher (Jaunch) turn it on. The launcher reads {@code
 * config/jaunch/extra*.toml} and adds the lists there to its own.
 */
@Plugin(type = Command.class, headless = true, menuPath = "Plugins>Deblur>Enable Fast CPU Path...",
	attrs = @Attr(name = "no-legacy"))
public class FastCpuSetup extends LibraryCommand {

	static final String MODULE = "jdk.incubator.vector";
	static final String FILE = "extra-deblur.toml";
	private static final String ARGUMENT = "'JAVA:17+|--add-modules=" + MODULE + "'";
	static final String CONTENT = "# Written by Plugins > Deblur > Enable Fast CPU Path: delete this file to undo it.\n" +
		"jvm.runtime-args = [" + ARGUMENT + "]\n";

	@Parameter(visibility = ItemVisibility.MESSAGE, required = false, persist = false)
	private final String now = status();

	@Parameter(label = "Folder of Fiji", style = "directory", autoFill = false, persist = false,
		attrs = @Attr(name = CommandDialog.ASK_ANEW), required = false,
		description = "Where Fiji is installed; with a folder config/jaunch in it.")
	private File folder = fiji();

	@Parameter(label = "Write config/jaunch/" + FILE + " there", persist = false,
		attrs = @Attr(name = CommandDialog.ASK_ANEW),
		description = "A file with which Fiji's launcher turns the fast path on, from the next start. Delete it to undo this.")
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
		final String used = "\nIn use now: " + Backends.shared(Backends.CPU).name() + ".";
		return isOn() ? "The fast CPU path is on: there is nothing to be done." + used
			: "The fast CPU path is off: Java was started without the module " + MODULE + "." + used + (fiji() ==
				null ? "\nThis is not Fiji: start ImageJ with java --add-modules=" + MODULE + " -jar ij.jar" : "");
	}

	/** The folder of this Fiji; null if this is none, or one of before Jaunch. */
	private static File fiji() {
		final String property = System.getProperty("scijava.app.directory", System.getProperty(
			"imagej.dir"));
		final String found = property != null ? property : IJ.getDirectory("imagej");
		return found == null || !Files.isDirectory(jaunch(new File(found))) ? null : new File(found);
	}

	private static Path jaunch(final File folder) {
		return folder.toPath().resolve("config").resolve("jaunch");
	}

	/** Since May 2026 Fiji's own settings name the files to be added. */
	private static boolean includesExtras(final Path jaunch) throws IOException {
		final Path fiji = jaunch.resolve("fiji.toml");
		return Files.exists(fiji) && Files.readString(fiji).contains("extra*.toml");
	}

	@Override
	void run(final SciJavaProgress progress) throws IOException {
		if (!write) {
			report = status() + (isOn() ? "" : "\nNothing was written.");
			return;
		}
		if (folder == null || folder.getPath().isBlank()) throw new IOException(
			"No folder of Fiji was chosen");
		if (!folder.isDirectory()) throw new IOException("There is no folder " + folder);
		final Path jaunch = jaunch(folder);
		if (!Files.isDirectory(jaunch)) throw new IOException(folder +
			" is not a Fiji that is started by Jaunch: it has no folder config/jaunch. Elsewhere, start Java with --add-modules=" +
			MODULE);
		if (!includesExtras(jaunch)) throw new IOException("The launcher in " + folder +
			" does not read files of settings besides its own: update Fiji (Help > Update...), or add the line " +
			ARGUMENT + " to jvm.runtime-args in " + jaunch.resolve("fiji.toml"));
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

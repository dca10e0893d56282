package io.github.learningtodeblur.util;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is written whole or not at all: first beside, under a hidden name, then moved into its place in one step, so that
 * neither a full disk nor a killed program leaves half of one, and whoever sees it may read it.
 */
public final class WholeFile {

	/** Begun, and not finished: deleted if the program is ended meanwhile. */
	private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

	static {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> UNFINISHED.forEach(part -> part.toFile().delete())));
	}

	private WholeFile() {}

	/** What a file consists of. */
	@FunctionalInterface
	public interface Content {

		void write(OutputStream out) throws IOException;
	}

	/**
	 * Writes a file, or replaces it.
	 *
	 * @param file in a folder that exists
	 * @throws IOException naming the file, if it cannot be written; then what was there still is
	 */
	public static void write(final Path file, final Content content) throws IOException {
		final Path folder = file.toAbsolutePath().getParent();
		if (folder == null || !Files.isDirectory(folder)) throw new IOException("Cannot write " + file +
			": there is no folder " + folder);
		if (Files.isDirectory(file)) throw new IOException("Cannot write " + file + ": it is a folder");
		Path part = null;
		try {
			final Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
			part = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID() + ".part");
			UNFINISHED.add(part);
			try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part, StandardOpenOption.CREATE_NEW,
				StandardOpenOption.WRITE), 1 << 16))
			{
				content.write(out);
			}
			try {
				Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
			}
			catch (final AtomicMoveNotSupportedException e) {
				Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		catch (final IOException e) {
			throw new IOException("Cannot write " + file + ": " + e, e);
		}
		finally {
			if (part != null) {
				Files.deleteIfExists(part);
				UNFINISHED.remove(part);
			}
		}
	}
}

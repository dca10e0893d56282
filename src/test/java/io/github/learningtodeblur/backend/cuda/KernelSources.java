package io.github.learningtodeblur.backend.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The CUDA files below a folder. */
record KernelSources(List<Path> files) {

	static final Path MAIN = Path.of("src/main/cuda");
	static final Path TEST = Path.of("src/test/cuda");

	private static final Pattern KERNEL = Pattern.compile("extern \"C\" __global__ void (\\w+)\\(");

	static KernelSources in(final Path... folders) throws IOException {
		try (Stream<Path> all = Stream.of(folders).flatMap(KernelSources::list)) {
			return new KernelSources(all.sorted().toList());
		}
	}

	private static Stream<Path> list(final Path folder) {
		try (Stream<Path> files = Files.list(folder)) {
			return files.toList().stream();
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Names of all kernels. */
	List<String> kernels() throws IOException {
		final StringBuilder all = new StringBuilder();
		for (final Path file : files)
			all.append(Files.readString(file));
		return KERNEL.matcher(all).results().map(m -> m.group(1)).toList();
	}

	/** SHA-256 of names and contents, whatever the ends of lines; as hexadecimal digits. */
	String hash() throws IOException {
		try {
			final MessageDigest digest = MessageDigest.getInstance("SHA-256");
			for (final Path file : files) {
				digest.update(file.getFileName().toString().getBytes());
				digest.update(Files.readString(file).replace("\r\n", "\n").getBytes());
			}
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (final NoSuchAlgorithmException e) {
			throw new IllegalStateException(e);
		}
	}
}

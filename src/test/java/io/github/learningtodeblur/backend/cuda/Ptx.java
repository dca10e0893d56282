package io.github.learningtodeblur.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compiles src/main/cuda to the PTX that is part of the plugin: {@code mvn -Pptx process-test-classes}, with CUDA's nvcc
 * on the path.
 */
final class Ptx {

	static final Path FILE = Path.of("src/main/resources/io/github/learningtodeblur/backend/cuda", Gpu.KERNELS);

	/** First line of the file, before the sources' hash. */
	static final String HASH = "// Of src/main/cuda with SHA-256 ";

	/**
	 * Versions of PTX and of GPUs that old drivers know too, in place of nvcc's: it writes none older, but our kernels need
	 * nothing newer.
	 */
	private static final String VERSION = ".version 6.0";
	private static final String TARGET = ".target sm_50";

	private Ptx() {}

	public static void main(final String[] args) throws IOException, InterruptedException {
		final Path out = Files.createTempFile("kernels", ".ptx");
		final int result = new ProcessBuilder("nvcc", "--ptx", "--gpu-architecture=compute_75", "-O3", "--output-file", out.toString(),
			KernelSources.MAIN.resolve("kernels.cu").toString()).inheritIO().start().waitFor();
		if (result != 0) throw new IllegalStateException("nvcc failed with " + result);
		final String ptx = Files.readString(out);
		Files.delete(out);
		Files.createDirectories(FILE.getParent());
		Files.writeString(FILE, HASH + KernelSources.in(KernelSources.MAIN).hash() + "\n" + lowered(ptx));
		System.out.println(FILE + ": " + KernelSources.in(KernelSources.MAIN).kernels().size() + " kernels");
	}

	/** Without nvcc's comment as well, which names its build. */
	private static String lowered(final String ptx) {
		return ptx.substring(ptx.indexOf(".version")).replaceFirst("(?m)^\\.version .*$", VERSION).replaceFirst("(?m)^\\.target .*$",
			TARGET);
	}
}

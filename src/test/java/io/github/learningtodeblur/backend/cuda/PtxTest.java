package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** The kernels that are shipped. */
class PtxTest {

	private static String ptx() throws IOException {
		return Files.readString(Ptx.FILE);
	}

	/** Both are committed: whoever changes one has to make the other. */
	@Test
	void belongsToTheSources() throws IOException {
		assertEquals(Ptx.HASH + KernelSources.in(KernelSources.MAIN).hash(), ptx().lines().findFirst().orElse(""),
			"src/main/cuda has changed: mvn -Pptx process-test-classes");
		assertEquals(new TreeSet<>(KernelSources.in(KernelSources.MAIN).kernels()), new TreeSet<>(Pattern.compile("\\.entry (\\w+)\\(")
			.matcher(ptx()).results().map(m -> m.group(1)).toList()));
	}

	/** Every kernel that Java asks for is there, and is asked for. */
	@Test
	void kernelsAreUsed() throws IOException {
		final StringBuilder code = new StringBuilder();
		for (final String name : new String[] { "CudaBackend", "Features", "Fourier" })
			code.append(Files.readString(Path.of("src/main/java/io/github/learningtodeblur/backend/cuda", name + ".java")));
		assertEquals(new TreeSet<>(KernelSources.in(KernelSources.MAIN).kernels()), new TreeSet<>(Pattern.compile("launch\\(\"(\\w+)\"")
			.matcher(code).results().map(m -> m.group(1)).toList()));
	}

	/** From Maxwell to Hopper, by NVIDIA's own assembler, which needs no GPU. */
	@ParameterizedTest(name = "sm_{0}")
	@ValueSource(ints = { 50, 60, 75, 86, 90 })
	void isAssembledFor(final int architecture) throws IOException {
		assumeTrue(canCompile(), "JCuda's PTX compiler does not load here");
		final byte[] ptx = Files.readAllBytes(Ptx.FILE);
		final nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
		assertEquals(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS, JNvPTXCompiler.nvPTXCompilerCreate(compiler, ptx.length,
			Arrays.copyOf(ptx, ptx.length + 1)));
		final String[] options = { "--gpu-name=sm_" + architecture };
		final int result = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
		final long[] bytes = new long[1];
		JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, bytes);
		final byte[] log = new byte[(int) bytes[0] + 1];
		JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
		assertEquals(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS, result, () -> new String(log));
		JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(compiler, bytes);
		assertTrue(bytes[0] > 10_000, bytes[0] + " bytes");
		JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
	}

	private static boolean canCompile() {
		try {
			JNvPTXCompiler.setExceptionsEnabled(false);
			return true;
		}
		catch (final LinkageError e) {
			System.out.println("No PTX compiler: " + e.getMessage().lines().findFirst().orElse(""));
			return false;
		}
	}
}

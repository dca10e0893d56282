package io.github.learningtodeblur.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.learningtodeblur.backend.BackendUnavailable;
import jcuda.LibUtils.ArchType;
import jcuda.LibUtils.OSType;

class NativesTest {

	private static final String FILE = "libof-natives.so";
	private static final byte[] PACKED = { 1, 2, 3 };

	@TempDir
	private Path folder;
	private Path unpacked;
	private ClassLoader jars;

	@BeforeEach
	void pack() throws IOException {
		Files.write(Files.createDirectories(folder.resolve("jar/lib")).resolve(FILE), PACKED);
		jars = new URLClassLoader(new URL[] { folder.resolve("jar").toUri().toURL() }, null);
		unpacked = folder.resolve("cache/ours/version");
	}

	private Path find(final String libraryPath) {
		return Natives.find(FILE, libraryPath, jars, unpacked);
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> all = Files.list(unpacked)) {
			return all.toList();
		}
	}

	private static void assumePosix() {
		assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no such rights here");
	}

	@Test
	void unpackedForTheUserAlone() throws IOException {
		assertEquals(unpacked.resolve(FILE), find(""));
		assertArrayEquals(PACKED, Files.readAllBytes(unpacked.resolve(FILE)));
		assertEquals(List.of(unpacked.resolve(FILE)), files(), "nothing unfinished is left");
		assumePosix();
		assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)));
		assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked.resolve(FILE))));
	}

	/** What is there is kept if it is what was packed, and replaced if it is damaged, or another's. */
	@Test
	void unpackedOnce() throws IOException {
		find("");
		final FileTime before = FileTime.fromMillis(1_000_000_000_000L);
		Files.setLastModifiedTime(unpacked.resolve(FILE), before);
		assertEquals(unpacked.resolve(FILE), find(""));
		assertEquals(before, Files.getLastModifiedTime(unpacked.resolve(FILE)));
		Files.write(unpacked.resolve(FILE), new byte[] { 1, 2 });
		find("");
		assertArrayEquals(PACKED, Files.readAllBytes(unpacked.resolve(FILE)));
	}

	@Test
	void othersMayNotWriteThere() throws IOException {
		assumePosix();
		Files.createDirectories(unpacked);
		Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxrwxrwx"));
		find("");
		assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)));
		// a link to where others may
		final Path link = folder.resolve("link");
		Files.createSymbolicLink(link, Files.createDirectories(folder.resolve("others")));
		final String message = assertThrows(BackendUnavailable.class, () -> Natives.find(FILE, "", jars, link)).getMessage();
		assertTrue(message.startsWith("The native library of JCuda cannot be unpacked to " + link), message);
		// a link instead of the file
		final Path planted = Files.write(folder.resolve("planted"), PACKED);
		Files.delete(unpacked.resolve(FILE));
		Files.createSymbolicLink(unpacked.resolve(FILE), planted);
		find("");
		assertFalse(Files.isSymbolicLink(unpacked.resolve(FILE)));
	}

	/** Where Fiji keeps such files; nothing is unpacked then. */
	@Test
	void theLibraryPathComesFirst() throws IOException {
		final Path fiji = Files.createDirectories(folder.resolve("Fiji.app/lib/linux64"));
		Files.createDirectories(folder.resolve("before").resolve(FILE)); // a folder is no library
		Files.write(fiji.resolve(FILE), new byte[] { 9 });
		assertEquals(fiji.resolve(FILE), find(folder.resolve("nowhere") + File.pathSeparator + folder.resolve("before") +
			File.pathSeparator + fiji));
		assertFalse(Files.exists(unpacked));
	}

	@Test
	void notInstalled() {
		final String message = assertThrows(BackendUnavailable.class, () -> Natives.find("libother.so", folder.toString(), jars,
			unpacked)).getMessage();
		assertEquals("The native library of JCuda, libother.so, is not installed. README, 'NVIDIA GPUs', says how to install it",
			message);
		assertFalse(Files.exists(unpacked));
	}

	@Test
	void whyALibraryDoesNotLoad() {
		final Path file = Path.of("libJCudaDriver.so");
		assertTrue(Natives.why(file, "/a/libJCudaDriver.so: libcuda.so.1: cannot open shared object file: No such file or directory")
			.startsWith("There is no NVIDIA driver (libcuda.so.1 was not found)"));
		assertTrue(Natives.why(file, "C:\\a\\JCudaDriver.dll: Can't find dependent libraries").startsWith(
			"There is no NVIDIA driver (nvcuda.dll was not found)"));
		for (final String symbol : new String[] { "/a/libJCudaDriver.so: undefined symbol: cuNew",
			"C:\\a\\JCudaDriver.dll: The specified procedure could not be found" })
			assertTrue(Natives.why(file, symbol).startsWith("The NVIDIA driver is older than JCuda "));
		assertTrue(Natives.why(file, "Native Library /a/libJCudaDriver.so already loaded in another classloader").endsWith(": restart"));
		assertEquals("The native library of JCuda, libJCudaDriver.so, does not load (wrong ELF class). README, 'NVIDIA GPUs', says" +
			" how to install it", Natives.why(file, "wrong ELF class"));
	}

	@Test
	void platforms() {
		assertTrue(Natives.isPlatform(OSType.LINUX, ArchType.X86_64));
		assertTrue(Natives.isPlatform(OSType.WINDOWS, ArchType.X86_64));
		assertFalse(Natives.isPlatform(OSType.APPLE, ArchType.X86_64));
		assertFalse(Natives.isPlatform(OSType.LINUX, ArchType.AARCH64));
	}
}

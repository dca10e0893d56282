package io.github.learningtodeblur.backend.cuda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

import io.github.learningtodeblur.backend.BackendUnavailable;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.driver.JCudaDriver;

/**
 * JCuda's native library. It is taken from {@code java.library.path}, as where Fiji keeps such, or else unpacked from JCuda's jar
 * into a folder that only its user may write to. JCuda would do the latter by itself, but takes whatever file of that name lies in
 * the folder for temporary files, which is everybody's.
 */
final class Natives {

	/** Where {@link LibUtils} looks for a library that is not on {@code java.library.path}. */
	private static final String TEMPORARY = "java.io.tmpdir";

	private static final String OURS = "learning-to-deblur";
	private static final Set<PosixFilePermission> USER_ONLY = PosixFilePermissions.fromString("rwx------");
	private static final String REMEDY = ". README, 'NVIDIA GPUs', says how to install it";

	private static boolean loaded;

	private Natives() {}

	/**
	 * Once this has returned, {@link JCudaDriver} can be used. If it fails it can be tried again.
	 *
	 * @throws BackendUnavailable if the library is not there, or there is no NVIDIA driver, which it needs
	 */
	static synchronized void load() {
		if (loaded) return;
		if (!isPlatform(LibUtils.calculateOS(), LibUtils.calculateArch())) throw new BackendUnavailable(
			"NVIDIA GPUs are used on Linux and Windows with processors of x86-64 only; this is " + System.getProperty("os.name") + " on " +
				System.getProperty("os.arch"));
		final String file = LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get()));
		load(find(file, System.getProperty("java.library.path", ""), LibUtils.class.getClassLoader(), folder()));
		loaded = true;
	}

	static boolean isPlatform(final LibUtils.OSType system, final LibUtils.ArchType processor) {
		return (system == LibUtils.OSType.LINUX || system == LibUtils.OSType.WINDOWS) && processor == LibUtils.ArchType.X86_64;
	}

	/** The user's own, for files that can be made anew; the version in its name. */
	private static Path folder() {
		for (final String variable : new String[] { "LOCALAPPDATA", "XDG_CACHE_HOME" }) {
			final String cache = System.getenv(variable);
			if (cache != null && new File(cache).isAbsolute()) return folder(new File(cache));
		}
		return folder(new File(System.getProperty("user.home"), ".cache"));
	}

	private static Path folder(final File cache) {
		return cache.toPath().resolve(OURS).resolve("jcuda-" + JCudaVersion.get());
	}

	/**
	 * @param libraryPath folders with libraries, which come first
	 * @param jars where JCuda's jar of natives is looked for
	 * @param folder to unpack into
	 */
	static Path find(final String file, final String libraryPath, final ClassLoader jars, final Path folder) {
		for (final String there : libraryPath.split(File.pathSeparator)) {
			final File library = new File(there, file);
			if (!there.isBlank() && library.isFile()) return library.getAbsoluteFile().toPath();
		}
		try (InputStream packed = jars.getResourceAsStream("lib/" + file)) {
			if (packed == null) throw new BackendUnavailable("The native library of JCuda, " + file + ", is not installed" + REMEDY);
			return unpack(packed.readAllBytes(), folder.resolve(file));
		}
		catch (final IOException e) {
			throw new BackendUnavailable("The native library of JCuda cannot be unpacked to " + folder + " (" + e + "): delete that folder", e);
		}
	}

	/** What is there already is taken if it is the same. A file appears whole or not at all, also if several Java VMs do this. */
	private static Path unpack(final byte[] packed, final Path file) throws IOException {
		final Path folder = file.getParent();
		final boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
		Files.createDirectories(folder, posix ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(USER_ONLY) }
			: new FileAttribute<?>[0]);
		if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) throw new IOException("it is a link");
		if (posix) Files.setPosixFilePermissions(folder, USER_ONLY); // which only its owner can
		if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Arrays.equals(packed, Files.readAllBytes(file))) return file;
		final Path part = Files.createTempFile(folder, "unfinished-", "");
		try {
			Files.write(part, packed);
			Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(part);
		}
		return file;
	}

	private static void load(final Path library) {
		try {
			// By ourselves first: a failure inside JCuda's class would spoil it for as long as the Java VM runs
			System.load(library.toString());
		}
		catch (final UnsatisfiedLinkError e) {
			throw new BackendUnavailable(why(library, e.getMessage()), e);
		}
		final String temporary = System.getProperty(TEMPORARY);
		System.setProperty(TEMPORARY, library.getParent().toString());
		try {
			JCudaDriver.setExceptionsEnabled(false); // LibUtils finds the very file that is loaded
		}
		finally {
			System.setProperty(TEMPORARY, temporary);
		}
	}

	/** @param message of the system's loader: on Windows it does not say of which library something is missing */
	static String why(final Path library, final String message) {
		if (message.contains("undefined symbol") || message.contains("procedure")) return "The NVIDIA driver is older than JCuda " +
			JCudaVersion.get() + " needs (" + message + "): update the driver";
		if (message.contains("libcuda") || message.contains("dependent libraries")) return "There is no NVIDIA driver (" + (message.contains(
			"libcuda") ? "libcuda.so.1" : "nvcuda.dll") + " was not found). If there is an NVIDIA GPU, install its driver, and restart";
		if (message.contains("another classloader")) return "The native library of JCuda is in use by plugins as they were before" +
			" the menus were refreshed: restart";
		return "The native library of JCuda, " + library + ", does not load (" + message + ")" + REMEDY;
	}
}

/**
 * The operations on the CPU. Threads, bands, transforms and memory exist once, in
 * {@link io.github.learningtodeblur.backend.cpu.CpuBackend} and
 * {@link io.github.learningtodeblur.backend.cpu.Fft2d}; the hot loops exist twice, behind {@code Kernels}: with the
 * module jdk.incubator.vector where the JVM was started with it, and in plain Java elsewhere.
 */
package io.github.learningtodeblur.backend.cpu;

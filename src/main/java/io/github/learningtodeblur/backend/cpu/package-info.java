/**
 * The operations on the CPU. {@link io.github.learningtodeblur.backend.cpu.CpuBackend} is the way in; plans and
 * scratch memory are its own ({@code Scratch}). Threads, bands and transforms exist once ({@code Fft2d},
 * {@code FeatureLoops}, ...); the hot loops exist twice, behind {@code Kernels}: with the module
 * jdk.incubator.vector where the JVM was started with it, and in plain Java elsewhere.
 */
package io.github.learningtodeblur.backend.cpu;

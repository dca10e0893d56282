/**
 * NVIDIA GPUs, through JCuda's bindings of the driver, and nothing else of CUDA: no toolkit need be installed. {@link
 * io.github.learningtodeblur.backend.cuda.CudaDriver} says whether there is what it takes.
 */
package io.github.learningtodeblur.backend.cuda;

/**
 * NVIDIA GPUs, through JCuda's bindings of the driver, and nothing else of CUDA: no toolkit need be installed. {@link
 * io.github.learningtodeblur.backend.cuda.CudaDriver} says whether there is what it takes. {@link
 * io.github.learningtodeblur.backend.cuda.CudaBackend} launches the kernels of src/main/cuda, which are shipped as PTX, the
 * assembler that drivers compile for their GPU: {@code mvn -Pptx process-test-classes} makes it anew. Tests run on a GPU that
 * g++ makes of the same sources, see src/test/cuda.
 */
package io.github.learningtodeblur.backend.cuda;

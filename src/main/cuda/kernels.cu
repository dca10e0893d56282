// All kernels, as one module: nvcc makes backend/cuda/kernels.ptx of it (mvn -Pptx process-test-classes), and g++ a device
// for tests (src/test/cuda).
#include "common.cuh"

#include "images.cu"
#include "features.cu"
#include "fourier.cu"
#include "spectra.cu"
#include "restoration.cu"
#include "blur.cu"
#include "training.cu"

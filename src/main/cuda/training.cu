// Updates of weights: one thread for each. Sums and roots are taken in double precision, as weights are few.
#include "common.cuh"

/** One sum of squares per block. */
extern "C" __global__ void squareSum(const float* values, double* sums, int n) {
	const int i = inPlane();
	const double sum = blockSum(i < n ? (double) values[i] * values[i] : 0);
	if (threadIdx.x == 0) sums[blockIdx.x] = sum;
}

/** See Backend.java. */
extern "C" __global__ void adadelta(const float* gradient, double factor, double decay, double epsilon, double rate, float* squares,
	float* steps, float* weights, int n)
{
	const int i = inPlane();
	if (i >= n) return;
	const double g = factor * gradient[i], square = decay * squares[i] + (1 - decay) * g * g;
	const double step = -sqrt((steps[i] + epsilon) / (square + epsilon)) * g;
	squares[i] = (float) square;
	steps[i] = (float) (decay * steps[i] + (1 - decay) * step * step);
	weights[i] = (float) (weights[i] + rate * step);
}

/**
 * See Backend.java.
 *
 * @param correct1,correct2 1 - beta1^step, 1 - beta2^step
 */
extern "C" __global__ void adam(const float* gradient, double factor, double beta1, double beta2, double correct1, double correct2,
	double epsilon, double rate, float* mean, float* squares, float* weights, int n)
{
	const int i = inPlane();
	if (i >= n) return;
	const double g = factor * gradient[i];
	const double first = beta1 * mean[i] + (1 - beta1) * g, second = beta2 * squares[i] + (1 - beta2) * g * g;
	mean[i] = (float) first;
	squares[i] = (float) second;
	weights[i] = (float) (weights[i] - rate * (first / correct1) / (sqrt(second / correct2) + epsilon));
}

package io.github.learningtodeblur.train;

import java.util.List;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

import io.github.learningtodeblur.backend.Backend;
import io.github.learningtodeblur.backend.Tensor;

/**
 * SOAP (Vyas et al., <em>SOAP: Improving and Stabilizing Shampoo using Adam</em>, 2024): {@link Adam} in the
 * eigenbasis of the gradient's second moments, rows and columns apart. Neighbouring pixels of photographs are
 * much alike, hence so are the gradients of neighbouring pixels of a filter, and a rule that looks at each
 * pixel alone lets the smooth parts of a filter drown the fine ones. Here each has steps of its own. The first
 * gradient only tells the basis.
 * <p>
 * Runs on the host, in double precision, whatever the device: what it needs are decompositions of small matrices, of
 * which a network has some dozens, and these are done side by side. Of a step, only gradients and weights pass between
 * host and device.
 */
final class Soap implements Optimizer {

	/** Decay of the second moments from which the basis is had. */
	private static final double BASIS = 0.98;

	/** Steps between two improvements of the basis. */
	private static final int EVERY = 10;

	private final Backend backend;
	private final int rows;
	private final int columns;
	private final float[] mean;
	/** In the eigenbasis. */
	private final float[] square;
	private final float[] left;
	private final float[] right;
	private final float[] leftBasis;
	private final float[] rightBasis;
	/** Steps done; a float, exact up to 16 million, because a checkpoint holds nothing else. */
	private final float[] steps = new float[1];

	Soap(final Backend backend, final int rows, final int columns) {
		this.backend = backend;
		this.rows = rows;
		this.columns = columns;
		mean = new float[rows * columns];
		square = new float[rows * columns];
		left = new float[rows * rows];
		right = new float[columns * columns];
		leftBasis = new float[rows * rows];
		rightBasis = new float[columns * columns];
	}

	@Override
	public void step(final Tensor weights, final Tensor gradient, final double factor, final double rate) {
		final float[] g = backend.read(gradient), w = backend.read(weights);
		for (int i = 0; i < g.length; i++)
			g[i] *= (float) factor;
		step(w, g, rate);
		backend.write(w, weights);
	}

	private void step(final float[] weights, final float[] gradient, final double rate) {
		final RealMatrix g = matrix(gradient, rows, columns);
		moment(left, g.multiply(g.transpose()));
		moment(right, g.transpose().multiply(g));
		if (steps[0] % EVERY == 0) {
			improve(leftBasis, left, rows);
			improve(rightBasis, right, columns);
		}
		// in its own basis the first gradient is diagonal, but for rounding, of which Adam would make steps
		if (steps[0]++ == 0) return;
		for (int i = 0; i < mean.length; i++)
			mean[i] = (float) (Adam.BETA1 * mean[i] + (1 - Adam.BETA1) * gradient[i]);
		final RealMatrix ql = matrix(leftBasis, rows, rows), qr = matrix(rightBasis, columns, columns);
		final RealMatrix gRotated = ql.transpose().multiply(g).multiply(qr);
		final RealMatrix mRotated = ql.transpose().multiply(matrix(mean, rows, columns)).multiply(qr);
		final double correct1 = 1 - Math.pow(Adam.BETA1, steps[0] - 1), correct2 = 1 - Math.pow(Adam.BETA2, steps[0] - 1);
		for (int r = 0, i = 0; r < rows; r++)
			for (int c = 0; c < columns; c++, i++) {
				final double v = Adam.BETA2 * square[i] + (1 - Adam.BETA2) * gRotated.getEntry(r, c) * gRotated.getEntry(r, c);
				square[i] = (float) v;
				mRotated.setEntry(r, c, mRotated.getEntry(r, c) / correct1 / (Math.sqrt(v / correct2) + Adam.EPSILON));
			}
		final RealMatrix step = ql.multiply(mRotated).multiply(qr.transpose());
		for (int i = 0; i < weights.length; i++)
			weights[i] -= rate * step.getEntry(i / columns, i % columns);
	}

	private void moment(final float[] of, final RealMatrix now) {
		final int n = now.getRowDimension();
		for (int i = 0; i < of.length; i++)
			of[i] = (float) (BASIS * of[i] + (1 - BASIS) * now.getEntry(i / n, i % n));
	}

	/** One step of orthogonal iteration, which keeps the order of the vectors; an eigendecomposition at first. */
	private void improve(final float[] basis, final float[] moment, final int n) {
		final RealMatrix m = matrix(moment, n, n);
		final RealMatrix q = steps[0] == 0 ? new EigenDecomposition(m).getV() : new QRDecomposition(m
			.multiply(matrix(basis, n, n))).getQ();
		for (int i = 0; i < basis.length; i++)
			basis[i] = (float) q.getEntry(i / n, i % n);
	}

	private static RealMatrix matrix(final float[] values, final int rows, final int columns) {
		final double[][] m = new double[rows][columns];
		for (int i = 0; i < values.length; i++)
			m[i / columns][i % columns] = values[i];
		return new Array2DRowRealMatrix(m, false);
	}

	@Override
	public List<float[]> state() {
		return List.of(mean, square, left, right, leftBasis, rightBasis, steps);
	}

	@Override
	public void restore(final List<float[]> state) {
		for (int i = 0; i < state.size(); i++)
			System.arraycopy(state.get(i), 0, state().get(i), 0, state.get(i).length);
	}
}

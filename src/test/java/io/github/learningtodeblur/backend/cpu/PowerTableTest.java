package io.github.learningtodeblur.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.backend.Shrinkage;

class PowerTableTest {

	/** alpha = 1 is soft thresholding by 1 / beta. */
	@Test
	void softThreshold() {
		final PowerTable s = new PowerTable(new Shrinkage.Power(1, 4));
		assertEquals(0, s.apply(0.2f));
		assertEquals(0, s.apply(-0.25f));
		assertEquals(0.05, s.apply(0.3f), 1e-6);
		assertEquals(-0.75, s.apply(-1), 1e-6);
		assertEquals(2.75, s.apply(3), 1e-6);
	}

	/** alpha = 1/2, beta = 1, v = 4.25: w = 4 is the root of 1 / (2 sqrt(w)) + w - v. */
	@Test
	void halfPower() {
		final PowerTable s = new PowerTable(new Shrinkage.Power(0.5, 1));
		assertEquals(4, s.apply(4.25f), 0.1); // beyond the table: shrunk a little too much
		// threshold: w = (2 * 0.5)^(2/3) = 1, v = 1 + 0.5
		assertEquals(0, s.apply(1.499f));
		assertEquals(1, s.apply(1.501f), 3e-3);
		assertEquals(-1, s.apply(-1.501f), 3e-3);
	}

	/** Nowhere on a fine grid is the objective lower. */
	@Test
	void isTheMinimum() {
		for (final double alpha : new double[] { 0.3, 0.5, 2 / 3.0, 0.8, 0.95, 1 }) {
			for (double beta = 1; beta < 300; beta *= 2 * Math.sqrt(2)) {
				final PowerTable s = new PowerTable(new Shrinkage.Power(alpha, beta));
				for (double v = 0; v < 1; v += 0.0071) {
					final double reached = objective(s.apply((float) v), v, alpha, beta);
					for (double w = 0; w < v; w += 0.003)
						if (objective(w, v, alpha, beta) < reached - 1e-6) throw new AssertionError("alpha " +
							alpha + ", beta " + beta + ", v " + v + ": " + s.apply((float) v) + ", better: " + w);
				}
			}
		}
	}

	private static double objective(final double w, final double v, final double alpha,
		final double beta)
	{
		return Math.pow(w, alpha) + beta / 2 * (w - v) * (w - v);
	}
}

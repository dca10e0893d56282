package io.github.learningtodeblur.search;

import java.util.SplittableRandom;

import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.evaluate.Score;
import io.github.learningtodeblur.restore.FittedRestoration;
import io.github.learningtodeblur.testimages.Disturbances;
import io.github.learningtodeblur.train.CameraShake;
import io.github.learningtodeblur.train.ExampleSource;
import io.github.learningtodeblur.util.Plane;
import io.github.learningtodeblur.util.Progress;
import io.github.learningtodeblur.util.ValidConvolution;

/** A blurry picture with its sharp one and its kernel. */
record BlurredStreet(Plane sharp, Plane blurry, Plane kernel) {

	static BlurredStreet of(final int size, final int seed) {
		return of(size, seed, 0.005);
	}

	static BlurredStreet of(final int size, final int seed, final double noise) {
		final Plane street = Disturbances.street(), kernel = new CameraShake().sample(size, new SplittableRandom(seed));
		final Plane blurry = ValidConvolution.convolve(street, kernel);
		ExampleSource.addNoise(blurry, noise, 0, new SplittableRandom(seed));
		return new BlurredStreet(street.crop(size / 2, size / 2, blurry.width(), blurry.height()), blurry, kernel);
	}

	/** Of what is restored with a kernel. */
	double psnr(final Plane estimate) {
		return Score.of(new FittedRestoration(1, new CpuBackend()).restore(blurry, estimate, Progress.NONE), sharp).psnr();
	}

	/** The kernel as searches find it: a fifth is a faint copy beside it, a tenth haze. */
	Plane wrong() {
		return wrong(0.2f, 0.1f);
	}

	Plane wrong(final float copy, final float haze) {
		final int n = kernel.width();
		final Plane out = new Plane(n, n);
		for (int y = 0; y < n; y++)
			for (int x = 0; x < n; x++) {
				out.pixels()[y * n + x] += (1 - copy - haze) * kernel.get(x, y) + (Math.hypot(x - n / 2, y - n / 2) < n / 3 ? 10 * haze / (n *
					n) : 0);
				if (x + 2 < n && y + 1 < n) out.pixels()[(y + 1) * n + x + 2] += copy * kernel.get(x, y);
			}
		return out.normalized();
	}
}

package io.github.learningtodeblur.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.model.Safetensors.Entry;

class JudgeTest {

	private static final List<String> NAMES = List.of("a", "b", "c");

	/** By hand: means 1, 0, 0, deviations 2, 1, 1; one network of two units. */
	@Test
	void oneNumberOfMany() throws IOException {
		final Judge judge = new Judge(NAMES, new float[] { 1, 0, 0 }, new float[] { 2, 1, 1 }, new float[] { 0.5f, 0, 0,
			0.1f, 0, -1, 0, 0 }, new float[] { 2, 3, 0.25f }, 1, 2);
		final double expected = 2 * Math.tanh(0.5 * 1.5 + 0.1) + 3 * Math.tanh(-0.4) + 0.25;
		assertEquals(expected, judge.of(new double[] { 4, 0.4, 9 }), 1e-6);
		// what is not finite says nothing, what is far away no more than what is a little nearer
		assertEquals(expected, judge.of(new double[] { 4, 0.4, Double.NaN }), 1e-6);
		assertEquals(judge.of(new double[] { 7, 3, 0 }), judge.of(new double[] { 100, 50, 0 }), 1e-6);
		assertThrows(IllegalArgumentException.class, () -> judge.of(new double[2]));

		final LinkedHashMap<String, Entry> tensors = new LinkedHashMap<>();
		final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
		judge.write("x/", tensors, metadata);
		final Judge again = Judge.read("x/", NAMES, tensors, metadata, "file");
		assertEquals(expected, again.of(new double[] { 4, 0.4, 9 }), 1e-6);
		assertThrows(IOException.class, () -> Judge.read("y/", NAMES, tensors, metadata, "file"));
		assertTrue(assertThrows(IOException.class, () -> Judge.read("x/", List.of("a", "b", "d"), tensors, metadata,
			"file")).getMessage().contains("train it again"));
	}

	/** A curved function of two numbers, the third only disturbs. */
	@Test
	void learnsFromExamples() {
		final SplittableRandom random = new SplittableRandom(1);
		final double[][] in = new double[400][3];
		final double[] number = new double[400], yes = new double[400], weights = new double[400];
		Arrays.fill(weights, 1);
		for (int i = 0; i < 400; i++) {
			for (int j = 0; j < 3; j++)
				in[i][j] = 5 + 2 * random.nextGaussian();
			number[i] = Math.tanh(in[i][0] - 5) + 0.5 * (in[i][1] - 5);
			yes[i] = number[i] > 0.3 ? 1 : 0;
		}
		final Judge numbers = new JudgeTraining(2, 4, 600, 1e-4, 1).train(NAMES, in, JudgeTraining.numbers(number, weights));
		final Judge probability = new JudgeTraining(2, 4, 600, 1e-4, 1).train(NAMES, in, JudgeTraining.yesOrNo(yes, weights));
		double squares = 0;
		int right = 0;
		for (int i = 0; i < 400; i++) {
			squares += Math.pow(numbers.of(in[i]) - number[i], 2) / 400;
			if (probability.of(in[i]) > 0 == yes[i] > 0) right++;
		}
		assertTrue(squares < 0.03, "" + squares);
		assertTrue(right > 375, "" + right);
		final Judge again = new JudgeTraining(2, 4, 600, 1e-4, 1).train(NAMES, in, JudgeTraining.numbers(number, weights));
		assertArrayEquals(numbers.hidden(), again.hidden());
	}

	/** What has no weight is not learned from. */
	@Test
	void weightsCount() {
		final double[][] in = new double[100][3];
		final double[] targets = new double[100], weights = new double[100];
		for (int i = 0; i < 100; i++) {
			in[i][0] = i % 10;
			targets[i] = i < 50 ? 2 : -7;
			weights[i] = i < 50 ? 1 : 0;
		}
		assertEquals(2, new JudgeTraining(1, 2, 600, 0, 1).train(NAMES, in, JudgeTraining.numbers(targets, weights)).of(in[3]), 0.1);
	}

	/** Groups are of different difficulty, which tells nothing of which to take; some have another rule, and do not count. */
	@Test
	void learnsToChoose() {
		final SplittableRandom random = new SplittableRandom(2);
		final double[][] in = new double[600][3];
		final double[] costs = new double[600];
		final int[] groups = new int[600];
		for (int i = 0; i < 600; i++) {
			groups[i] = i / 4 % 3 == 0 ? -1 : i / 4;
			in[i][0] = random.nextGaussian();
			in[i][1] = random.nextGaussian();
			in[i][2] = i / 4 % 7;
			costs[i] = 3 * in[i][2] + (groups[i] < 0 ? -5 : 1) * (0.5 * in[i][0] - in[i][1]) + 0.1 * random.nextGaussian();
		}
		final Judge judge = new JudgeTraining(2, 1, 300, 1e-3, 1).train(NAMES, in, JudgeTraining.choice(costs, groups));
		int right = 0, all = 0;
		for (int from = 0; from < 600; from += 4) {
			if (groups[from] < 0) continue;
			int taken = from, best = from;
			for (int i = from; i < from + 4; i++) {
				if (judge.of(in[i]) < judge.of(in[taken])) taken = i;
				if (costs[i] < costs[best]) best = i;
			}
			all++;
			if (taken == best) right++;
		}
		assertTrue(right > 0.85 * all, right + " of " + all);
	}
}

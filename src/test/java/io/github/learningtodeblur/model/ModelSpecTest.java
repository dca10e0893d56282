package io.github.learningtodeblur.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.learningtodeblur.net.Parameters;
import io.github.learningtodeblur.net.MultiScaleNetwork;
import io.github.learningtodeblur.backend.cpu.CpuBackend;
import io.github.learningtodeblur.Deblurring;
import io.github.learningtodeblur.model.ModelSpec.ScaleSpec;
import io.github.learningtodeblur.model.ModelSpec.StageSpec;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class ModelSpecTest {

	private static final StageSpec SMALL = new StageSpec(4, 5, 6, 2, 1, true);

	private static ScaleSpec scale(final int kernel, final String weights, final StageSpec... stages) {
		return new ScaleSpec(kernel, weights, List.of(stages));
	}

	private static void assertRefused(final String words, final Runnable code) {
		final String message = assertThrows(IllegalArgumentException.class, code::run).getMessage();
		assertTrue(message.contains(words), message);
	}

	@Test
	void namesAndShapesFollowFromTheLayout() {
		final ModelSpec spec = new ModelSpec(List.of(scale(9, "k9", SMALL, new StageSpec(8, 3, 7, 1, 4,
			false)), scale(17, "k17", new StageSpec(2, 3, 5, 3, 1, true))));
		final LinkedHashMap<String, int[]> shapes = spec.parameters();
		assertEquals(List.of("k9/1/filters", "k9/1/mix1", "k9/1/mix2", "k9/1/log_beta_k",
			"k9/1/log_beta_x", "k9/2/filters", "k9/2/mix1", "k9/2/log_beta_k", "k9/2/log_beta_x",
			"k17/1/filters", "k17/1/mix1", "k17/1/mix2", "k17/1/mix3", "k17/1/log_beta_k",
			"k17/1/log_beta_x"), List.copyOf(shapes.keySet()));
		assertArrayEquals(new int[] { 4, 1, 5, 5 }, shapes.get("k9/1/filters"));
		assertArrayEquals(new int[] { 6, 4 }, shapes.get("k9/1/mix1"));
		assertArrayEquals(new int[] { 2, 6 }, shapes.get("k9/1/mix2"));
		assertArrayEquals(new int[] { 8, 2, 3, 3 }, shapes.get("k9/2/filters"));
		assertArrayEquals(new int[] { 8, 8 }, shapes.get("k9/2/mix1"));
		assertArrayEquals(new int[] { 2, 2, 3, 3 }, shapes.get("k17/1/filters"));
		assertArrayEquals(new int[] { 5, 2 }, shapes.get("k17/1/mix1"));
		assertArrayEquals(new int[] { 5, 5 }, shapes.get("k17/1/mix2"));
		assertArrayEquals(new int[] { 2, 5 }, shapes.get("k17/1/mix3"));
		assertArrayEquals(new int[] { 1 }, shapes.get("k17/1/log_beta_x"));
	}

	@Test
	void normalizationIsKeptAndMissingInOlderFiles() {
		final List<ScaleSpec> scales = List.of(scale(5, "k5", SMALL), scale(9, "k9", SMALL));
		final ModelSpec normalized = new ModelSpec(scales, true);
		assertEquals(normalized, SpecJson.read(SpecJson.write(normalized)));
		assertTrue(normalized.withScales(scales.subList(0, 1)).normalized());
		final ModelSpec old = new ModelSpec(scales);
		assertEquals(old, SpecJson.read(SpecJson.write(old)));
		assertTrue(!old.normalized() && !SpecJson.write(old).contains("normalized"));
	}

	@Test
	void sharpeningIsKeptAndMissingInOlderFiles() {
		final ScaleSpec fine = new ScaleSpec(9, "k9", List.of(SMALL, SMALL), 0.5);
		final ModelSpec spec = new ModelSpec(List.of(scale(5, "k5", SMALL), fine), true);
		assertEquals(spec, SpecJson.read(SpecJson.write(spec)));
		assertEquals(1, SpecJson.write(spec).split("sharpening", -1).length - 1);
		assertEquals(0.5, spec.upTo(9).scales().get(1).sharpening());
		assertEquals(0, spec.upTo(5).scales().get(0).sharpening());
		assertEquals(0.5, fine.withStages(List.of(SMALL)).sharpening());
		assertRefused("got -0.5", () -> new ScaleSpec(9, "k9", List.of(SMALL), -0.5));
		// as written by every version before
		final String old = "{\"scales\":[{\"kernel\":5,\"weights\":\"k5\",\"stages\":[{\"filters\":4,\"filterSize\":5," +
			"\"hidden\":6,\"layers\":2,\"pairs\":1,\"learnBetaK\":true}]}]}";
		assertEquals(new ModelSpec(List.of(scale(5, "k5", SMALL))), SpecJson.read(old));
		assertEquals(old, SpecJson.write(SpecJson.read(old)));
	}

	@Test
	void laterScalesMayShareWeightsButNotWithTheFirst() {
		final ModelSpec tied = new ModelSpec(List.of(scale(5, "first", SMALL), scale(9, "later", SMALL),
			scale(17, "later", SMALL)));
		assertEquals(10, tied.parameters().size());
		assertRefused("first scale", () -> new ModelSpec(List.of(scale(5, "a", SMALL), scale(9, "a",
			SMALL))));
		assertRefused("equal stages", () -> new ModelSpec(List.of(scale(5, "a", SMALL), scale(9, "b",
			SMALL), scale(17, "b", SMALL, SMALL))));
	}

	@Test
	void badLayoutsAreRefusedWithTheirValue() {
		assertRefused("must be odd, got 8", () -> scale(8, "a", SMALL));
		assertRefused("got 1", () -> scale(1, "a", SMALL));
		assertRefused("got 9 after 9", () -> new ModelSpec(List.of(scale(9, "a", SMALL), scale(9, "b",
			SMALL))));
		assertRefused("'a/b'", () -> scale(9, "a/b", SMALL));
		assertRefused("'training'", () -> scale(9, "training", SMALL));
		assertRefused("stages", () -> scale(9, "a"));
		assertRefused("scales", () -> new ModelSpec(List.of()));
		assertRefused("Filter size must be odd, got 4", () -> new StageSpec(4, 4, 6, 2, 1, true));
		assertRefused("layers must be 1 to 8, got 0", () -> new StageSpec(4, 5, 6, 0, 1, true));
	}

	@Test
	void jsonIsReadBack() {
		final ModelSpec spec = new ModelSpec(List.of(scale(9, "k9", StageSpec.DEFAULT,
			StageSpec.DEFAULT.withPairs(4)), scale(17, "k17", SMALL)));
		assertEquals(spec, SpecJson.read(SpecJson.write(spec)));
		for (final String bad : List.of("", "[]", "{}", "{\"scales\":3}", "{\"scales\":[{}]}", SpecJson.write(spec)
			.replace("\"kernel\":9", "\"kernel\":\"nine\""), SpecJson.write(spec).replace("\"kernel\":9,",
				"\"kernel\":9,\"dilation\":2,"), SpecJson.write(spec).replace("\"kernel\":9", "\"kernel\":10")))
			assertThrows(IllegalArgumentException.class, () -> SpecJson.read(bad), bad);
	}

	@Test
	void initialWeightsHaveTheStatedStatistics() {
		final ModelSpec spec = new ModelSpec(List.of(scale(9, "k9", StageSpec.DEFAULT,
			StageSpec.DEFAULT)));
		final Model model = Model.initial(spec, 42);
		final float[] filters = model.parameter("k9/2/filters");
		final int area = 81;
		for (int f = 0; f < 32; f++) {
			double norm = 0;
			for (int c = 0; c < 2; c++) {
				double sum = 0;
				for (int i = (2 * f + c) * area; i < (2 * f + c + 1) * area; i++) {
					sum += filters[i];
					norm += filters[i] * filters[i];
				}
				assertEquals(0, sum, 1e-5);
			}
			assertEquals(3, Math.sqrt(norm), 1e-5);
		}
		double square = 0;
		for (final float v : model.parameter("k9/1/mix1"))
			square += v * v / 1024;
		assertEquals(1 / 32.0, square, 5 * Math.sqrt(2.0 / 1024) / 32); // five standard errors
		assertEquals(1e-4, Math.exp(model.parameter("k9/1/log_beta_k")[0]), 1e-9);
		assertEquals(1e-2, Math.exp(model.parameter("k9/1/log_beta_x")[0]), 1e-7);
	}

	@Test
	void initialWeightsDependOnSeedAndNameOnly() {
		final ModelSpec one = new ModelSpec(List.of(scale(9, "k9", SMALL)));
		final ModelSpec two = new ModelSpec(List.of(scale(9, "k9", SMALL, SMALL)));
		for (final String name : one.parameters().keySet())
			assertArrayEquals(Model.initial(one, 1).parameter(name), Model.initial(two, 1).parameter(name));
		assertTrue(Model.initial(one, 1).parameter("k9/1/mix1")[0] != Model.initial(one, 2).parameter(
			"k9/1/mix1")[0]);
		assertTrue(Model.initial(two, 1).parameter("k9/1/mix1")[0] != Model.initial(two, 1).parameter(
			"k9/2/mix1")[0]);
	}

	@Test
	void modelsAreChecked() {
		final ModelSpec spec = new ModelSpec(List.of(scale(9, "k9", SMALL)));
		final Map<String, float[]> good = Model.initial(spec, 1).parameters();
		assertThrows(UnsupportedOperationException.class, () -> good.remove("k9/1/mix1"));

		final Map<String, float[]> missing = new LinkedHashMap<>(good);
		missing.remove("k9/1/mix1");
		assertRefused("k9/1/mix1 is missing", () -> new Model(spec, missing, Map.of()));
		final Map<String, float[]> more = new LinkedHashMap<>(good);
		more.put("k9/3/mix1", new float[1]);
		assertRefused("k9/3/mix1 is not in", () -> new Model(spec, more, Map.of()));
		final Map<String, float[]> shorter = new LinkedHashMap<>(good);
		shorter.put("k9/1/mix1", new float[23]);
		assertRefused("needs 24 values", () -> new Model(spec, shorter, Map.of()));
		final Map<String, float[]> infinite = new LinkedHashMap<>(good);
		infinite.put("k9/1/log_beta_k", new float[] { Float.NEGATIVE_INFINITY });
		assertRefused("-Infinity", () -> new Model(spec, infinite, Map.of()));
		assertRefused("'spec'", () -> new Model(spec, good, Map.of("spec", "")));
		assertRefused("k9/7/mix1", () -> Model.initial(spec, 1).parameter("k9/7/mix1"));
	}

	/** 5 alone, 9 and 13 with shared weights. */
	@Test
	void scalesThatShareWeightsMakeRoomForOthers() {
		final StageSpec s = StageSpec.DEFAULT;
		final ModelSpec spec = new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(s)), new ScaleSpec(9, "b", List
			.of(s)), new ScaleSpec(13, "b", List.of(s))), true);
		assertEquals(List.of(5, 9), spec.upTo(9).kernels());
		assertEquals(List.of(5, 9, 13), spec.upTo(13).kernels());
		assertEquals(List.of(5, 9, 11), spec.upTo(11).kernels());
		assertEquals(List.of(5, 7), spec.upTo(7).kernels());
		assertEquals("b", spec.upTo(7).scales().get(1).weights());
		assertTrue(spec.upTo(7).normalized());
		for (final int size : new int[] { 3, 10, 15 }) {
			assertFalse(spec.has(size), "" + size);
			assertThrows(IllegalArgumentException.class, () -> spec.upTo(size));
		}
		// without sharing, only the scales themselves
		final ModelSpec apart = new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(s)), new ScaleSpec(9, "b", List
			.of(s))));
		assertTrue(apart.has(9));
		assertFalse(apart.has(7));
	}

	/** A network that improves kernels sees two images from the beginning, and has one stage for kernels of any size. */
	@Test
	void refining() throws IOException {
		final ModelSpec spec = ModelSpec.refining(33, StageSpec.DEFAULT);
		assertEquals(spec, SpecJson.read(SpecJson.write(spec)));
		assertEquals(2, spec.inputs(0, 0));
		assertArrayEquals(new int[] { 32, 2, 9, 9 }, spec.parameters().get("refine/1/filters"));
		assertEquals(41, spec.withKernel(41).largestKernel());
		assertEquals(spec.parameters().keySet(), spec.withKernel(41).parameters().keySet());
		final ModelSpec finding = new ModelSpec(List.of(new ScaleSpec(9, "k9", List.of(StageSpec.DEFAULT))), true);
		assertEquals(1, finding.inputs(0, 0));
		assertTrue(!SpecJson.write(finding).contains("refining"));
		assertThrows(IllegalStateException.class, () -> finding.withKernel(41));
		assertThrows(IllegalArgumentException.class, () -> new ModelSpec(List.of(new ScaleSpec(5, "a", List.of(StageSpec.DEFAULT)),
			new ScaleSpec(9, "b", List.of(StageSpec.DEFAULT))), true, true));
		final Model bundled = Models.refinement("general");
		assertTrue(bundled.spec().refining());
		assertTrue(assertThrows(IOException.class, () -> Models.refinement("none")).getMessage().contains("No refinement 'none'"));
		// it does not find kernels, and is no name for a model that does
		assertThrows(IllegalArgumentException.class, () -> new Deblurring(bundled, new CpuBackend()));
		assertTrue(!Models.bundled().contains("general"));
		assertThrows(IllegalArgumentException.class, () -> new MultiScaleNetwork(new CpuBackend(), bundled.spec(), Parameters.of(
			new CpuBackend(), bundled), 90, 90));
	}
}

package io.github.learningtodeblur.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.github.learningtodeblur.batch.VolumeLayout.Scope;
import net.imglib2.util.Intervals;

class VolumeLayoutTest {

	private static VolumeLayout layout(final Scope scope, final int tile, final int scale) {
		return new VolumeLayout(new long[] { 500, 300, 7, 2 }, new int[] { 64, 32, 3, 1 }, 3, scope, tile, scale);
	}

	/** Every value is in one block, and every chunk, too. */
	@Test
	void blocksAreWholeChunksAndAllOfThem() {
		for (final int scale : new int[] { 0, 1, 2, 100 }) {
			final List<Box> blocks = layout(Scope.ONE, 0, scale).blocks();
			long values = 0;
			final Set<String> names = new HashSet<>();
			for (final Box b : blocks) {
				names.add(b.toString());
				values += Intervals.numElements(b.interval());
				for (int d = 0; d < 4; d++) {
					final long chunk = new long[] { 64, 32, 3, 1 }[d], size = new long[] { 500, 300, 7, 2 }[d];
					assertEquals(0, b.min()[d] % chunk);
					assertTrue((b.max()[d] + 1) % chunk == 0 || b.max()[d] + 1 == size, b.toString());
				}
			}
			assertEquals(500 * 300 * 7 * 2, values);
			assertEquals(blocks.size(), names.size());
			assertEquals(scale == 0 || scale == 100 ? 6 : scale == 1 ? 8 * 10 * 6 : 4 * 5 * 6, blocks.size());
		}
	}

	@Test
	void largeBlocksStayWithinMemory() {
		final VolumeLayout large = new VolumeLayout(new long[] { 100_000, 50_000, 4000 }, new int[] { 64, 64, 64 }, -1, Scope.ONE, 0, 0);
		for (final Box b : large.blocks().subList(0, 100))
			assertEquals(1 << 24, Intervals.numElements(b.interval()));
		assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(large.size(), large.chunk(), -1, Scope.ONE, 0, 1000).blocks());
	}

	@Test
	void kernelsOfVolumesChannelsPlanesAndTiles() {
		assertArrayEquals(new long[] { 1, 1, 1, 1 }, layout(Scope.ONE, 0, 0).kernels());
		assertArrayEquals(new long[] { 1, 1, 1, 2 }, layout(Scope.CHANNEL, 0, 0).kernels());
		assertArrayEquals(new long[] { 1, 1, 7, 2 }, layout(Scope.PLANE, 0, 0).kernels());
		final VolumeLayout tiles = layout(Scope.PLANE, 128, 0);
		assertArrayEquals(new long[] { 4, 3, 7, 2 }, tiles.kernels());
		assertEquals(4 * 3 * 7 * 2, tiles.places().size());
		assertArrayEquals(new long[] { 125, 200, 5, 1 }, tiles.shown(Box.at(1, 2, 5, 1)).minAsLongArray());
		assertArrayEquals(new long[] { 249, 299, 5, 1 }, tiles.shown(Box.at(1, 2, 5, 1)).maxAsLongArray());
		// the middle plane, and of one kernel for all, both channels
		assertArrayEquals(new long[] { 0, 0, 3, 0 }, layout(Scope.ONE, 0, 0).shown(Box.at(0, 0, 0, 0)).minAsLongArray());
		assertArrayEquals(new long[] { 499, 299, 3, 1 }, layout(Scope.ONE, 0, 0).shown(Box.at(0, 0, 0, 0)).maxAsLongArray());
		assertArrayEquals(new long[] { 0, 0, 3, 1 }, layout(Scope.CHANNEL, 0, 0).shown(Box.at(0, 0, 0, 1)).minAsLongArray());
	}

	@Test
	void theNearestStandIn() {
		final VolumeLayout tiles = layout(Scope.PLANE, 256, 0);
		final List<long[]> order = tiles.substitutes(new long[] { 0, 1, 3, 1 });
		assertEquals(2 * 2 * 7, order.size(), "of the same tile and channel");
		assertArrayEquals(new long[] { 0, 1, 3, 1 }, order.get(0));
		for (int i = 1; i < order.size(); i++)
			assertTrue(distance(order.get(i - 1)) <= distance(order.get(i)));
		assertEquals(List.of(2L, 3L, 4L), tiles.neighbours(new long[] { 0, 1, 3, 1 }, 1).stream().map(p -> p[2]).toList());
		assertEquals(List.of(0L, 1L, 2L), tiles.neighbours(new long[] { 0, 1, 0, 1 }, 2).stream().map(p -> p[2]).toList());
	}

	/** From tile 0, 1 of plane 3. */
	private static long distance(final long[] place) {
		return place[0] + Math.abs(place[1] - 1) + Math.abs(place[2] - 3);
	}

	@Test
	void mistakes() {
		final long[] size = { 9, 9, 9 };
		final int[] chunk = { 3, 3, 3 };
		assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(size, new int[] { 3, 3 }, -1, Scope.ONE, 0, 0));
		assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(size, chunk, 1, Scope.ONE, 0, 0));
		assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(size, chunk, 3, Scope.ONE, 0, 0));
		assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(size, chunk, 2, Scope.ONE, 7, 0));
		assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(size, new int[] { 3, 0, 3 }, 2, Scope.ONE, 0, 0));
	}
}

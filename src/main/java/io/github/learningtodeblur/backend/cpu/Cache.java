package io.github.learningtodeblur.backend.cpu;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Keeps what was made last; what is not asked for any more goes. */
final class Cache<K, V> {

	private final Function<K, V> maker;
	private final Map<K, V> map;

	/** @param most number of values that are kept */
	Cache(final int most, final Function<K, V> maker) {
		this.maker = maker;
		map = new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(final Map.Entry<K, V> eldest) {
				return size() > most;
			}
		};
	}

	synchronized V get(final K key) {
		return map.computeIfAbsent(key, maker);
	}

	synchronized void clear() {
		map.clear();
	}
}

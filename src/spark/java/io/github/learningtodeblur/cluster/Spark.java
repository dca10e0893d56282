package io.github.learningtodeblur.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

import io.github.learningtodeblur.batch.Outcome;

/**
 * A connection to Spark, as {@code spark-submit} has set it up; without that, all cores of this machine. Each piece of work is one task:
 * pieces take seconds to minutes, and what is lost with an executor is little.
 */
final class Spark implements AutoCloseable {

	private final JavaSparkContext context;

	Spark(final String name) {
		final SparkConf conf = new SparkConf().setAppName(name);
		conf.setIfMissing("spark.master", "local[*]");
		conf.setIfMissing("spark.log.level", "WARN");
		conf.setIfMissing("spark.executor.extraJavaOptions", "--add-modules=jdk.incubator.vector");
		context = new JavaSparkContext(conf);
	}

	/** What a task does: makes its tool once per thread, and works on a piece. */
	interface Job<P, T extends AutoCloseable> extends Serializable {

		T tool() throws Exception;

		Outcome work(T tool, P piece) throws Exception;
	}

	/**
	 * Works on all pieces; those that fail are tried again, perhaps elsewhere.
	 *
	 * @param retries how often
	 * @return of every piece its last outcome, in their order
	 */
	<P extends Serializable, T extends AutoCloseable> List<Outcome> run(final Job<P, T> job, final List<P> pieces, final int retries) {
		final String name = UUID.randomUUID().toString();
		final Broadcast<Job<P, T>> sent = context.broadcast(job);
		final List<Outcome> outcomes = new ArrayList<>(once(name, sent, pieces));
		for (int i = 0; i < retries; i++) {
			final List<Integer> failed = new ArrayList<>();
			for (int k = 0; k < outcomes.size(); k++)
				if (outcomes.get(k).failed()) failed.add(k);
			final List<Outcome> again = once(name, sent, failed.stream().map(pieces::get).toList());
			for (int k = 0; k < again.size(); k++)
				outcomes.set(failed.get(k), again.get(k));
		}
		sent.destroy();
		Lending.end(name);
		return outcomes;
	}

	private <P, T extends AutoCloseable> List<Outcome> once(final String name, final Broadcast<Job<P, T>> job, final List<P> pieces) {
		return pieces.isEmpty() ? List.of() : context.parallelize(pieces, pieces.size()).map(new Task<>(name, job)).collect();
	}

	private record Task<P, T extends AutoCloseable>(String name, Broadcast<Job<P, T>> sent) implements Function<P, Outcome> {

		@Override
		public Outcome call(final P piece) throws Exception {
			final Job<P, T> job = sent.value();
			return Lending.lend(name, job::tool, tool -> job.work(tool, piece));
		}
	}

	@Override
	public void close() {
		context.close();
	}
}

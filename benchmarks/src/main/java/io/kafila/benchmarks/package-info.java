/**
 * The benchmark harness, {@code kafila bench}: Kafila beside its competitors, interleaved on one machine.
 *
 * <p>{@link io.kafila.benchmarks.Main} reads the command line. {@code scenario} says what is timed and conducts the
 * repetitions, {@code peer} runs the competitors as processes of their own, {@code content} makes what they move, {@code
 * usage} reads what they cost, {@code report} tells it, {@code shows} compares it with the project's goals.
 */
@NullMarked
package io.kafila.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * Where the CPU time of a scenario goes: seconds for each GiB, by stage, from a sampling profiler.
 *
 * <p>{@link io.kafila.benchmarks.profile.AsyncProfiler} samples the processes while they work, those of the JVM and of the
 * kernel on their behalf included. {@link io.kafila.benchmarks.profile.Classification} gives each stack to a stage, and
 * {@link io.kafila.benchmarks.profile.StageProfile} does the sums; both are without I/O.
 */
@NullMarked
package io.kafila.benchmarks.profile;

import org.jspecify.annotations.NullMarked;

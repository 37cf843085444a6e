/**
 * Emulated links: peers as if far apart, with round trips, rates and losses that are stated and the same in each run.
 *
 * <p>Enter at {@link io.kafila.benchmarks.link.Links}, which takes a {@link io.kafila.benchmarks.link.StarPlan} and answers
 * a topology whose description names how it was made. Each peer lives in a network namespace of its own, and what its kernel
 * sends crosses the link packet by packet, by netem where the kernel has it, else by a forwarder of ours, so that congestion
 * control and loss recovery are real. It needs Linux, {@code ip}, and the privileges to make namespaces.
 */
@NullMarked
package io.kafila.benchmarks.link;

import org.jspecify.annotations.NullMarked;

/**
 * What this machine allows at best: each stage measured alone, and the bound that follows for a scenario.
 *
 * <p>{@link io.kafila.benchmarks.roofline.StageMeasurement} lets each {@link io.kafila.benchmarks.roofline.Probe} work for
 * some rounds; its answer, the {@link io.kafila.benchmarks.roofline.StageCosts} of the run, are numbers.
 * {@link io.kafila.benchmarks.roofline.Route} says which stages a scenario cannot do without, and
 * {@link io.kafila.benchmarks.roofline.MeasuredRoofline} does the arithmetic, without I/O:
 *
 * <pre>bound = min(disk, wire, cores / sum of CPU s/GiB of both sides, slowest serial stage)</pre>
 *
 * <p>Bitswap, yamux, the index and every copy count as zero, so the bound is one that no implementation reaches.
 */
@NullMarked
package io.kafila.benchmarks.roofline;

import org.jspecify.annotations.NullMarked;

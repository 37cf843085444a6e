package io.kafila.benchmarks;

import io.kafila.benchmarks.link.LinkOptions;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.roofline.StageMeasurementOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param sizeBytes of a large file; empty for that of each scenario
 * @param sweepBytes the sizes of a sweep
 * @param fileCount how many small files
 * @param fileBytes the size of each
 * @param repetitions counted ones
 * @param warmUp whether one more goes before them
 * @param budgetSeconds for all scenarios together; empty for no end
 * @param stepTimeoutSeconds for one turn of one competitor
 * @param seed of all content
 * @param output folder of the report
 * @param work folder of everything else, which is deleted at the end
 * @param peers names of the competitors that take part
 * @param kubo Kubo's binary
 * @param helia folder in which Helia is installed
 * @param javaHome JDK of Kafila's daemons
 * @param peerOptions security, profile, JVM options
 * @param link emulated link
 * @param warmMemory whether all free memory is touched before each turn
 * @param roofline whether the stages of the machine are measured first, for the share of the bound
 * @param stages how much work each of them is given
 */
public record BenchOptions(
        Optional<Long> sizeBytes,
        List<Long> sweepBytes,
        int fileCount,
        long fileBytes,
        int repetitions,
        boolean warmUp,
        Optional<Long> budgetSeconds,
        long stepTimeoutSeconds,
        long seed,
        Path output,
        Path work,
        List<String> peers,
        Optional<Path> kubo,
        Optional<Path> helia,
        Optional<Path> javaHome,
        PeerOptions peerOptions,
        Optional<LinkOptions> link,
        boolean warmMemory,
        boolean roofline,
        StageMeasurementOptions stages) {
    public BenchOptions {
        sweepBytes = List.copyOf(sweepBytes);
        peers = List.copyOf(peers);
    }
}

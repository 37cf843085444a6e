package io.kafila.blockstore;

/**
 * What a repository has done since it was opened.
 *
 * @param reads blocks read
 * @param readBytes their bytes
 * @param writes blocks stored
 * @param writtenBytes their bytes
 * @param duplicates blocks put that were there already
 * @param deletes blocks removed, by garbage collection too
 * @param groups groups written to segments
 * @param forces forces of segments
 * @param corruptBlocks blocks found that did not match their hash or checksum
 * @param compactedBytes bytes of live blocks that compaction moved
 * @param freedBytes bytes of segments that compaction deleted
 * @param tornBytes bytes of torn tails that opening cut
 * @param writeFailures groups that the disk refused
 * @param bufferBytes direct memory of the read pool now
 * @param bufferMisses reads that found the pool exhausted and took heap memory
 */
public record RepositoryCounters(
        long reads,
        long readBytes,
        long writes,
        long writtenBytes,
        long duplicates,
        long deletes,
        long groups,
        long forces,
        long corruptBlocks,
        long compactedBytes,
        long freedBytes,
        long tornBytes,
        long writeFailures,
        long bufferBytes,
        long bufferMisses) {}

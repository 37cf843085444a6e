package io.kafila.blockstore;

/**
 * How a repository on disk works. Immutable; start from {@link #DEFAULT}.
 *
 * @param maxBytes the most that segments and index may take on disk; puts beyond it are refused
 * @param verifyOnRead whether every block is hashed when it is read
 * @param mappedReads whether blocks in finished segments are served from mapped memory instead of being copied
 * @param directIo whether segments are written past the page cache, and read past it while they are cold, where the file
 *     system lets them be
 * @param segmentBytes when a segment is finished and the next one begun
 * @param inlineBytes the largest block of which the index keeps a copy, so that one look-up serves it
 * @param groupBytes how many payload bytes go into one group at most
 * @param unforcedBytes how many bytes may be written ahead of the force that acknowledges them
 * @param queuedBytes how many bytes of puts may wait to be written; a put beyond it fails
 * @param diskThreads how many reads go on at once
 * @param queuedTasks how many reads may wait; one beyond it fails
 * @param bufferBytes the bound of the direct memory that reads go into, and as much again of that in which payloads wait to
 *     be written
 * @param indexMemoryBytes the bound of the index's cache and memtables together
 * @param reserveBytes how much space puts leave free on the disk, for removal and compaction to work in
 * @param compactAboveDeadPercent a finished segment is compacted when a larger share of it is dead
 * @param compactionBytesPerSecond the pace of compaction, 0 for no limit
 */
public record RepositoryOptions(
        long maxBytes,
        boolean verifyOnRead,
        boolean mappedReads,
        boolean directIo,
        long segmentBytes,
        int inlineBytes,
        int groupBytes,
        long unforcedBytes,
        long queuedBytes,
        int diskThreads,
        int queuedTasks,
        long bufferBytes,
        long indexMemoryBytes,
        long reserveBytes,
        int compactAboveDeadPercent,
        long compactionBytesPerSecond) {
    /**
     * Segments of 512 MiB, inline copies up to 2 KiB (a larger one costs the index's log more than a read saves), groups
     * of 8 MiB with 64 MiB ahead of the force, four reads at once, 32 MiB of buffers, 64 MiB for the index.
     */
    public static final RepositoryOptions DEFAULT = new RepositoryOptions(
            Long.MAX_VALUE,
            false,
            true,
            true,
            512L << 20,
            2048,
            8 << 20,
            64L << 20,
            256L << 20,
            4,
            1 << 16,
            32L << 20,
            64L << 20,
            64L << 20,
            20,
            0);

    private static final long LARGEST_SEGMENT_BYTES = 1L << 30;

    public RepositoryOptions {
        check("maxBytes", maxBytes, 0, Long.MAX_VALUE);
        check("segmentBytes", segmentBytes, 4096, LARGEST_SEGMENT_BYTES);
        check("inlineBytes", inlineBytes, 0, 1 << 16);
        check("groupBytes", groupBytes, 1, 128 << 20);
        check("unforcedBytes", unforcedBytes, 1, Long.MAX_VALUE);
        check("queuedBytes", queuedBytes, 1, Long.MAX_VALUE);
        check("diskThreads", diskThreads, 1, 1024);
        check("queuedTasks", queuedTasks, 1, Integer.MAX_VALUE);
        check("bufferBytes", bufferBytes, 0, Long.MAX_VALUE);
        check("indexMemoryBytes", indexMemoryBytes, 1 << 20, Long.MAX_VALUE);
        check("reserveBytes", reserveBytes, 0, Long.MAX_VALUE);
        check("compactAboveDeadPercent", compactAboveDeadPercent, 0, 100);
        check("compactionBytesPerSecond", compactionBytesPerSecond, 0, Long.MAX_VALUE);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "repository option " + name + ": " + value + ", want " + least + " to " + most);
        }
    }

    public RepositoryOptions withMaxBytes(long bytes) {
        return new RepositoryOptions(
                bytes,
                verifyOnRead,
                mappedReads,
                directIo,
                segmentBytes,
                inlineBytes,
                groupBytes,
                unforcedBytes,
                queuedBytes,
                diskThreads,
                queuedTasks,
                bufferBytes,
                indexMemoryBytes,
                reserveBytes,
                compactAboveDeadPercent,
                compactionBytesPerSecond);
    }

    public RepositoryOptions withVerifyOnRead(boolean verify) {
        return new RepositoryOptions(
                maxBytes,
                verify,
                mappedReads,
                directIo,
                segmentBytes,
                inlineBytes,
                groupBytes,
                unforcedBytes,
                queuedBytes,
                diskThreads,
                queuedTasks,
                bufferBytes,
                indexMemoryBytes,
                reserveBytes,
                compactAboveDeadPercent,
                compactionBytesPerSecond);
    }

    public RepositoryOptions withMappedReads(boolean mapped) {
        return new RepositoryOptions(
                maxBytes,
                verifyOnRead,
                mapped,
                directIo,
                segmentBytes,
                inlineBytes,
                groupBytes,
                unforcedBytes,
                queuedBytes,
                diskThreads,
                queuedTasks,
                bufferBytes,
                indexMemoryBytes,
                reserveBytes,
                compactAboveDeadPercent,
                compactionBytesPerSecond);
    }

    public RepositoryOptions withDirectIo(boolean direct) {
        return new RepositoryOptions(
                maxBytes,
                verifyOnRead,
                mappedReads,
                direct,
                segmentBytes,
                inlineBytes,
                groupBytes,
                unforcedBytes,
                queuedBytes,
                diskThreads,
                queuedTasks,
                bufferBytes,
                indexMemoryBytes,
                reserveBytes,
                compactAboveDeadPercent,
                compactionBytesPerSecond);
    }

    public RepositoryOptions withSegmentBytes(long bytes) {
        return new RepositoryOptions(
                maxBytes,
                verifyOnRead,
                mappedReads,
                directIo,
                bytes,
                inlineBytes,
                groupBytes,
                unforcedBytes,
                queuedBytes,
                diskThreads,
                queuedTasks,
                bufferBytes,
                indexMemoryBytes,
                reserveBytes,
                compactAboveDeadPercent,
                compactionBytesPerSecond);
    }

    public RepositoryOptions withCompactionBytesPerSecond(long bytesPerSecond) {
        return new RepositoryOptions(
                maxBytes,
                verifyOnRead,
                mappedReads,
                directIo,
                segmentBytes,
                inlineBytes,
                groupBytes,
                unforcedBytes,
                queuedBytes,
                diskThreads,
                queuedTasks,
                bufferBytes,
                indexMemoryBytes,
                reserveBytes,
                compactAboveDeadPercent,
                bytesPerSecond);
    }
}

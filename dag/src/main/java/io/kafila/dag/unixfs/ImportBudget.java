package io.kafila.dag.unixfs;

/**
 * What an importer may hold in memory at once, over all imports that run.
 *
 * @param bufferBytes the size of one direct buffer that files are read into
 * @param buffers how many of them; every running import is promised {@link #promisedBuffers()}, and one that cannot be
 *     promised them waits
 * @param batchBytes how much is stored in one batch
 * @param maxOpenEntries how many entries the directories that are open at one time may have; about 200 bytes each
 */
public record ImportBudget(int bufferBytes, int buffers, int batchBytes, int maxOpenEntries) {
    /** 64 MiB of buffers in pieces of 4 MiB: two batches of 16 MiB under way to the disk while two more are read and hashed. */
    public static final ImportBudget DEFAULT = new ImportBudget(4 * 1024 * 1024, 16, 16 * 1024 * 1024, 1_000_000);

    public ImportBudget {
        if (bufferBytes < 64 * 1024) {
            throw new IllegalArgumentException("import buffer: " + bufferBytes + " bytes, want at least 65536");
        }
        if (buffers < promised(bufferBytes)) {
            throw new IllegalArgumentException("import buffers: " + buffers + " of " + bufferBytes
                    + " bytes, want at least " + promised(bufferBytes) + ", room for two chunks of "
                    + Chunker.MAX_CHUNK_BYTES);
        }
        if (batchBytes <= 0 || maxOpenEntries <= 0) {
            throw new IllegalArgumentException("import budget: batch of " + batchBytes + " bytes, " + maxOpenEntries
                    + " open entries, want more than 0");
        }
    }

    /** How many buffers an import needs to go on: two chunks, which need not begin where a buffer does. */
    public int promisedBuffers() {
        return promised(bufferBytes);
    }

    private static int promised(int bufferBytes) {
        return 1 + (2 * Chunker.MAX_CHUNK_BYTES + bufferBytes - 1) / bufferBytes;
    }
}

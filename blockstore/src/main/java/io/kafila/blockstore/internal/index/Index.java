package io.kafila.blockstore.internal.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ordered tables of byte strings, compared as unsigned bytes. Thread-safe. Methods throw
 * {@link io.kafila.blockstore.BlockstoreException} where the disk fails.
 */
public interface Index extends AutoCloseable {
    /** A key with its value. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(byte[] key, byte[] value) {}

    byte @Nullable [] get(Table table, byte[] key);

    /**
     * At most {@code limit} entries in order, from {@code from} on.
     *
     * @param inclusive whether an entry with the key {@code from} itself is among them
     */
    List<Entry> scan(Table table, byte[] from, boolean inclusive, int limit);

    /**
     * Applies a batch. With {@code sync} it, and every batch before it, survives a crash when the method returns; without,
     * a crash may lose it together with all that follow it. After an error it is not known whether the batch happened:
     * the next operation of any kind opens the tables anew from what is on disk, or fails, so that nobody sees a state
     * that is not settled.
     */
    void write(IndexBatch batch, boolean sync);

    /** Opens the tables anew from what is on disk. */
    void reopen();

    /** What the index takes on disk. */
    long sizeBytes();

    @Override
    void close();
}

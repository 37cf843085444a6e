package io.kafila.blockstore;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;

/**
 * Memory of a store ({@link Blockstore#writeBuffer}) for one block, to be filled and then put. It has one owner, who ends it
 * by {@link #filled} or by {@link #close}. Not thread-safe, but may pass from thread to thread.
 */
public interface WriteBuffer extends AutoCloseable {
    /** The bytes to fill, from the position on; the same buffer at each call, not to be used after the end. */
    ByteBuffer bytes();

    /**
     * What was filled, as a payload whose last close gives the memory back to the store.
     *
     * @throws IllegalStateException after the end
     */
    Payload filled();

    /** Gives the memory back, unless {@link #filled} has passed it on. Idempotent. */
    @Override
    void close();
}

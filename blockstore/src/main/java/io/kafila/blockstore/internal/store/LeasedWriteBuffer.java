package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.WriteBuffer;
import io.kafila.blockstore.internal.disk.BufferPool;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;

/** A write buffer of whole pages of the pool. */
final class LeasedWriteBuffer implements WriteBuffer {
    private final BufferPool.Lease lease;
    private final ByteBuffer bytes;
    private boolean ended;

    LeasedWriteBuffer(BufferPool.Lease lease) {
        this.lease = lease;
        this.bytes = lease.buffer();
    }

    @Override
    public ByteBuffer bytes() {
        return bytes;
    }

    @Override
    public Payload filled() {
        if (ended) {
            throw new IllegalStateException("write buffer of " + bytes.capacity() + " bytes: used after its end");
        }
        ended = true;
        return lease.payload(0, bytes.position());
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            lease.release();
        }
    }
}

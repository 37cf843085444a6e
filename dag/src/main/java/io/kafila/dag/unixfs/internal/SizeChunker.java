package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.Chunker;
import java.nio.ByteBuffer;

/** Chunks of one size. */
public final class SizeChunker implements Chunker {
    private final int sizeBytes;
    private int missingBytes;

    public SizeChunker(int sizeBytes) {
        this.sizeBytes = sizeBytes;
        this.missingBytes = sizeBytes;
    }

    @Override
    public int cut(ByteBuffer bytes) {
        if (bytes.remaining() < missingBytes) {
            missingBytes -= bytes.remaining();
            bytes.position(bytes.limit());
            return -1;
        }
        int length = missingBytes;
        bytes.position(bytes.position() + length);
        missingBytes = sizeBytes;
        return length;
    }
}

package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.Chunker;
import java.nio.ByteBuffer;

/**
 * A chunker that looks at single bytes. It copies what it looks at through a small array, which the compiler scans several
 * times faster than a direct buffer; bytes that cannot end a chunk are passed over in the buffer.
 */
abstract class ScanningChunker implements Chunker {
    private final byte[] scratch = new byte[16 * 1024];
    private int seenBytes;

    /** How many of the first bytes of a chunk need not be looked at. */
    abstract int skippedBytes();

    /**
     * Looks at {@code length} bytes of {@code bytes}; the chunk has {@code before} bytes before them.
     *
     * @return how many of them belong to the chunk if it ends there, -1 otherwise; after an end the state is that of a
     *     new chunk
     */
    abstract int scan(byte[] bytes, int length, int before);

    @Override
    public final int cut(ByteBuffer bytes) {
        int start = bytes.position();
        int skip = Math.min(Math.max(0, skippedBytes() - seenBytes), bytes.remaining());
        bytes.position(start + skip);
        seenBytes += skip;
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), scratch.length);
            int from = bytes.position();
            bytes.get(scratch, 0, length);
            int end = scan(scratch, length, seenBytes);
            if (end >= 0) {
                bytes.position(from + end);
                seenBytes = 0;
                return bytes.position() - start;
            }
            seenBytes += length;
        }
        return -1;
    }
}

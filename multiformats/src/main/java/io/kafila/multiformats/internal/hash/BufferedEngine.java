package io.kafila.multiformats.internal.hash;

import java.nio.ByteBuffer;

/** An engine over an algorithm that takes arrays only: buffers without an accessible array pass through a small one. */
abstract class BufferedEngine implements DigestEngine {
    private static final int CHUNK_BYTES = 8 << 10;

    @Override
    public void update(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            update(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
            return;
        }
        byte[] chunk = new byte[Math.min(CHUNK_BYTES, bytes.remaining())];
        while (bytes.hasRemaining()) {
            int length = Math.min(chunk.length, bytes.remaining());
            bytes.get(chunk, 0, length);
            update(chunk, 0, length);
        }
    }
}

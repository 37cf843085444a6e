package io.kafila.dag.unixfs.internal;

import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Hasher;
import io.kafila.multiformats.Multihash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A chunk that is hashed and not kept: where it lies in its file. Immutable. */
record FileRange(FileChannel file, long position, int sizeBytes) {

    /**
     * Hashes the bytes as they are read, a piece at a time.
     *
     * @param piece what each piece is read into; direct memory that stays in the core's cache
     * @throws IOException also where the file has become shorter
     */
    Multihash digest(HashFunction function, ByteBuffer piece) throws IOException {
        Hasher hasher = function.newHasher();
        long end = position + sizeBytes;
        for (long at = position; at < end; ) {
            piece.clear().limit((int) Math.min(piece.capacity(), end - at));
            int count = file.read(piece, at);
            if (count < 0) {
                throw new IOException(
                        "the file ends at " + at + ", want at least " + end + " bytes as when it was opened");
            }
            hasher.update(piece.flip());
            at += count;
        }
        return hasher.multihash();
    }
}

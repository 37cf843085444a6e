package io.kafila.multiformats.internal.hash;

import java.nio.ByteBuffer;

/** MurmurHash3 in its 32-bit form, seed 0, big-endian. No cryptographic hash. Source: Appleby's MurmurHash3_x86_32. */
public final class Murmur3X32 extends BufferedEngine {
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private int hash;
    private int pending;
    private long total;

    @Override
    public void update(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            int shift = (int) (total++ & 3) * 8;
            pending |= (bytes[i] & 0xFF) << shift;
            if (shift == 24) {
                hash = Integer.rotateLeft(hash ^ scrambled(pending), 13) * 5 + 0xe6546b64;
                pending = 0;
            }
        }
    }

    @Override
    public byte[] digest(int length) {
        int mixed = hash ^ scrambled(pending) ^ (int) total;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        mixed ^= mixed >>> 16;
        hash = 0;
        pending = 0;
        total = 0;
        return ByteBuffer.allocate(Integer.BYTES).putInt(mixed).array();
    }

    private static int scrambled(int k) {
        return Integer.rotateLeft(k * C1, 15) * C2;
    }
}

package io.kafila.multiformats.internal.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * MurmurHash3 in its 128-bit form for 64-bit machines, seed 0; the digest is its two halves, each big-endian. No
 * cryptographic hash: it places entries in UnixFS directories.
 *
 * <p>Source: Austin Appleby's MurmurHash3_x64_128.
 */
public final class Murmur3X64 extends BufferedEngine {
    private static final int BLOCK_BYTES = 16;
    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int digestBytes;
    private final byte[] tail = new byte[BLOCK_BYTES];
    private int tailBytes;
    private long h1;
    private long h2;
    private long total;

    /** @param digestBytes 8 for the first half alone, 16 for both */
    public Murmur3X64(int digestBytes) {
        this.digestBytes = digestBytes;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        total += length;
        int from = offset;
        int end = offset + length;
        if (tailBytes > 0) {
            int fill = Math.min(BLOCK_BYTES - tailBytes, length);
            System.arraycopy(bytes, from, tail, tailBytes, fill);
            tailBytes += fill;
            from += fill;
            if (tailBytes < BLOCK_BYTES) {
                return;
            }
            mix((long) LITTLE.get(tail, 0), (long) LITTLE.get(tail, 8));
            tailBytes = 0;
        }
        for (; end - from >= BLOCK_BYTES; from += BLOCK_BYTES) {
            mix((long) LITTLE.get(bytes, from), (long) LITTLE.get(bytes, from + 8));
        }
        tailBytes = end - from;
        System.arraycopy(bytes, from, tail, 0, tailBytes);
    }

    @Override
    public byte[] digest(int length) {
        // The tail is mixed as if zeros followed it, but moves no rotation of the other half.
        Arrays.fill(tail, tailBytes, BLOCK_BYTES, (byte) 0);
        h2 ^= scrambled2((long) LITTLE.get(tail, 8));
        h1 ^= scrambled1((long) LITTLE.get(tail, 0));
        h1 ^= total;
        h2 ^= total;
        h1 += h2;
        h2 += h1;
        h1 = avalanche(h1);
        h2 = avalanche(h2);
        h1 += h2;
        h2 += h1;
        byte[] digest = ByteBuffer.allocate(BLOCK_BYTES).putLong(h1).putLong(h2).array();
        h1 = 0;
        h2 = 0;
        total = 0;
        tailBytes = 0;
        return Arrays.copyOf(digest, digestBytes);
    }

    private void mix(long k1, long k2) {
        h1 ^= scrambled1(k1);
        h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
        h2 ^= scrambled2(k2);
        h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
    }

    private static long scrambled1(long k1) {
        return Long.rotateLeft(k1 * C1, 31) * C2;
    }

    private static long scrambled2(long k2) {
        return Long.rotateLeft(k2 * C2, 33) * C1;
    }

    private static long avalanche(long k) {
        long mixed = (k ^ (k >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}

package io.kafila.dag.unixfs.internal;

import io.kafila.multiformats.HashFunction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where a name goes in a sharded directory: its 64-bit hash is used up from the top, log2(fanout) bits for each level
 * (specs.ipfs.tech/unixfs, HAMT; boxo ipld/unixfs/hamt/util.go).
 */
final class HamtNames {
    private HamtNames() {}

    static long hash(String name) {
        byte[] digest = HashFunction.MURMUR3_X64_64
                .digest(name.getBytes(StandardCharsets.UTF_8))
                .digest();
        return ByteBuffer.wrap(digest).getLong();
    }

    /** How many bits of the hash a level takes. */
    static int bits(int fanout) {
        return Integer.numberOfTrailingZeros(fanout);
    }

    /** Whether the hash has bits left for a shard at {@code level}, 0 for the root. */
    static boolean reaches(int level, int fanout) {
        return (level + 1) * bits(fanout) <= Long.SIZE;
    }

    static int slot(long hash, int level, int fanout) {
        return (int) (hash >>> (Long.SIZE - (level + 1) * bits(fanout))) & (fanout - 1);
    }

    /** How many hexadecimal digits the prefix of a link has. */
    static int digits(int fanout) {
        return Integer.toHexString(fanout - 1).length();
    }

    static String prefix(int slot, int digits) {
        String hex = Integer.toHexString(slot).toUpperCase(Locale.ROOT);
        return "0".repeat(digits - hex.length()) + hex;
    }
}

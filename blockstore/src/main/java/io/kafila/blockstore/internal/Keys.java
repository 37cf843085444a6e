package io.kafila.blockstore.internal;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import java.util.Arrays;
import java.util.Comparator;

/** What blocks are found by: the bytes of a multihash, in unsigned order. */
public final class Keys {
    /** Byte strings as unsigned numbers, first byte first; a prefix comes before what it begins. */
    public static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    private Keys() {}

    /** A 64-bit hash for sets that may hold too much, never too little: see {@link LongSet}. */
    public static long hash(byte[] key) {
        long hash = 0xcbf29ce484222325L;
        int i = 0;
        for (; i + 8 <= key.length; i += 8) {
            long word = 0;
            for (int k = 0; k < 8; k++) {
                word = (word << 8) | (key[i + k] & 0xff);
            }
            hash = mix(hash ^ word);
        }
        for (; i < key.length; i++) {
            hash = mix(hash ^ (key[i] & 0xff));
        }
        return mix(hash ^ key.length);
    }

    /** The hash of a key together with a codec. */
    public static long hash(byte[] key, long codec) {
        return mix(hash(key) + 0x9E3779B97F4A7C15L * (codec + 1));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Whether the Cid carries its content in itself. */
    public static boolean inlined(Cid cid) {
        return cid.multihash().code() == HashFunction.IDENTITY.code();
    }

    /** The Cid under which a store names a block of which it knows the multihash alone. */
    public static Cid rawCid(byte[] key) {
        return Cid.v1(Multicodec.RAW.code(), Multihash.decode(key));
    }
}

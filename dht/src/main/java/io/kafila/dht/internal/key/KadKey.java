package io.kafila.dht.internal.key;

import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * A point of the keyspace of 256 bits in which peers and keys lie: the sha2-256 of a PeerId's bytes, of a multihash or of a
 * record's key. Distance is exclusive or, read as a big-endian number (ipfs/specs kad-dht.md). Immutable, 48 bytes.
 */
public final class KadKey implements Comparable<KadKey> {
    public static final int BITS = 256;
    public static final int BYTES = BITS / 8;

    private static final KadKey ZERO = new KadKey(0, 0, 0, 0);

    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    private KadKey(long first, long second, long third, long fourth) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
    }

    /** Where what has these bytes as its name lies. */
    public static KadKey hash(byte[] name) {
        try {
            return of(MessageDigest.getInstance("SHA-256").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static KadKey of(PeerId peer) {
        return hash(peer.bytes());
    }

    /** Where the providers of content lie: of its multihash, so that all Cids of one block share them. */
    public static KadKey of(Multihash content) {
        return hash(content.bytes());
    }

    /** The point with these 32 bytes. */
    public static KadKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("kad key: " + bytes.length + " bytes, want " + BYTES);
        }
        ByteBuffer source = ByteBuffer.wrap(bytes);
        return new KadKey(source.getLong(), source.getLong(), source.getLong(), source.getLong());
    }

    /** A random point that has the first {@code length} bits of this one and differs in the next. */
    public KadKey randomAt(int length, Random random) {
        if (length < 0 || length >= BITS) {
            throw new IllegalArgumentException("kad key: common prefix of " + length + " bits, want 0 to 255");
        }
        byte[] mine = bytes();
        byte[] drawn = new byte[BYTES];
        random.nextBytes(drawn);
        int whole = length / 8;
        System.arraycopy(mine, 0, drawn, 0, whole);
        int kept = 0xFF00 >> length % 8 & 0xFF;
        int flipped = 0x80 >> length % 8;
        drawn[whole] = (byte) ((mine[whole] & kept) | (~mine[whole] & flipped) | (drawn[whole] & ~(kept | flipped)));
        return of(drawn);
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /** How many leading bits two points share, 256 if they are the same. */
    public int commonPrefix(KadKey other) {
        if (first != other.first) {
            return Long.numberOfLeadingZeros(first ^ other.first);
        }
        if (second != other.second) {
            return 64 + Long.numberOfLeadingZeros(second ^ other.second);
        }
        if (third != other.third) {
            return 128 + Long.numberOfLeadingZeros(third ^ other.third);
        }
        return 192 + Long.numberOfLeadingZeros(fourth ^ other.fourth);
    }

    /** Whether two points differ in one bit, the first of which is bit 0. */
    public boolean differsAt(int bit, KadKey other) {
        long difference = switch (bit / Long.SIZE) {
            case 0 -> first ^ other.first;
            case 1 -> second ^ other.second;
            case 2 -> third ^ other.third;
            default -> fourth ^ other.fourth;
        };
        return (difference << bit) < 0; // a shift is by bit modulo 64
    }

    /** Compares the distances of two points from this one: negative if {@code left} is nearer. */
    public int compareDistances(KadKey left, KadKey right) {
        int order = Long.compareUnsigned(first ^ left.first, first ^ right.first);
        if (order == 0) {
            order = Long.compareUnsigned(second ^ left.second, second ^ right.second);
        }
        if (order == 0) {
            order = Long.compareUnsigned(third ^ left.third, third ^ right.third);
        }
        return order == 0 ? Long.compareUnsigned(fourth ^ left.fourth, fourth ^ right.fourth) : order;
    }

    /** By the number that the bits are. */
    @Override
    public int compareTo(KadKey other) {
        return ZERO.compareDistances(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || (other instanceof KadKey that
                        && first == that.first
                        && second == that.second
                        && third == that.third
                        && fourth == that.fourth);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first); // uniform already
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes());
    }
}

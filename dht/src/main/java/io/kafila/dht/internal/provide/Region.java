package io.kafila.dht.internal.provide;

import io.kafila.dht.internal.key.KadKey;

/**
 * All points with the same first bits.
 *
 * @param point any of them
 * @param bits how many bits they share, 0 for the whole keyspace
 */
record Region(KadKey point, int bits) {
    static final Region ALL = new Region(KadKey.of(new byte[KadKey.BYTES]), 0);

    Region {
        if (bits < 0 || bits > KadKey.BITS) {
            throw new IllegalArgumentException("region: " + bits + " bits, want 0 to 256");
        }
        point = masked(point, bits);
    }

    private static KadKey masked(KadKey point, int bits) {
        byte[] bytes = point.bytes();
        for (int i = bits; i < KadKey.BITS; i++) {
            if (i % 8 == 0) {
                bytes[i / 8] = 0;
                i += 7;
            } else {
                bytes[i / 8] &= (byte) ~(0x80 >> i % 8);
            }
        }
        return KadKey.of(bytes);
    }

    boolean contains(KadKey key) {
        return point.commonPrefix(key) >= bits;
    }

    boolean contains(Region other) {
        return other.bits >= bits && contains(other.point);
    }

    Region parent() {
        return new Region(point, bits - 1);
    }

    /** The half with this next bit. */
    Region half(int bit) {
        byte[] bytes = point.bytes();
        if (bit == 1) {
            bytes[bits / 8] |= (byte) (0x80 >> bits % 8);
        }
        return new Region(KadKey.of(bytes), bits + 1);
    }

    /** How large a part of the keyspace it is. */
    double width() {
        return Math.scalb(1.0, -bits);
    }

    /** Its bits, such as {@code 0110}. */
    String prefix() {
        StringBuilder text = new StringBuilder(bits);
        byte[] bytes = point.bytes();
        for (int i = 0; i < bits; i++) {
            text.append((bytes[i / 8] & 0x80 >> i % 8) == 0 ? '0' : '1');
        }
        return text.toString();
    }
}

package io.kafila.dht.internal.records;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The keys of the datastore, and longs in its values. */
final class RecordKeys {
    private RecordKeys() {}

    /** A kind of records, then the parts; all but the last after a byte that says how long they are. */
    static byte[] key(char kind, byte[]... parts) {
        int size = 1;
        for (byte[] part : parts) {
            size += 1 + part.length;
        }
        ByteBuffer key = ByteBuffer.allocate(size).put((byte) kind);
        for (int i = 0; i < parts.length; i++) {
            if (i < parts.length - 1) {
                key.put((byte) parts[i].length);
            }
            key.put(parts[i]);
        }
        return Arrays.copyOf(key.array(), key.position());
    }

    /** What all keys of a kind with this first part, and one more, start with. */
    static byte[] prefix(char kind, byte[] part) {
        return ByteBuffer.allocate(2 + part.length)
                .put((byte) kind)
                .put((byte) part.length)
                .put(part)
                .array();
    }

    /** What follows the prefix in a key. */
    static byte[] rest(byte[] key, int prefixLength) {
        return Arrays.copyOfRange(key, prefixLength, key.length);
    }

    static byte[] ofLong(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}

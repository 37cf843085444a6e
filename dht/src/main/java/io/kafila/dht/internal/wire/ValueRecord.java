package io.kafila.dht.internal.wire;

import java.util.Arrays;

/**
 * A value with its key and, as its holder told, when that received it (ipfs/specs kad-dht.md, Record).
 *
 * @param timeReceived RFC 3339, or empty; never trusted
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content, never changed
public record ValueRecord(byte[] key, byte[] value, String timeReceived) {
    public ValueRecord(byte[] key, byte[] value) {
        this(key, value, "");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValueRecord that
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && timeReceived.equals(that.timeReceived);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "ValueRecord[" + key.length + " bytes of key, " + value.length + " of value]";
    }
}

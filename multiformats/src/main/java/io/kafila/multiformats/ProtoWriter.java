package io.kafila.multiformats;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the fields of a protobuf message. Not thread-safe. */
public final class ProtoWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public ProtoWriter bytes(int field, byte[] value) {
        out.writeBytes(Varint.encode((long) field << 3 | 2));
        out.writeBytes(Varint.encode(value.length));
        out.writeBytes(value);
        return this;
    }

    public ProtoWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** @param value not negative */
    public ProtoWriter varint(int field, long value) {
        out.writeBytes(Varint.encode((long) field << 3));
        out.writeBytes(Varint.encode(value));
        return this;
    }

    public int size() {
        return out.size();
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }
}

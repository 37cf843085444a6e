package io.kafila.libp2p.internal.identify;

import io.kafila.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the fields of a protobuf message. Not thread-safe. */
final class ProtoWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoWriter bytes(int field, byte[] value) {
        out.writeBytes(Varint.encode((long) field << 3 | 2));
        out.writeBytes(Varint.encode(value.length));
        out.writeBytes(value);
        return this;
    }

    ProtoWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoWriter varint(int field, long value) {
        out.writeBytes(Varint.encode((long) field << 3));
        out.writeBytes(Varint.encode(value));
        return this;
    }

    int size() {
        return out.size();
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}

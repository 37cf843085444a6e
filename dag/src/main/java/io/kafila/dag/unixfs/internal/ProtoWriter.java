package io.kafila.dag.unixfs.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes a protobuf message into an array that grows. Confined to one thread. */
final class ProtoWriter {
    private byte[] bytes;
    private int length;

    ProtoWriter(int expectedBytes) {
        bytes = new byte[Math.max(16, expectedBytes)];
    }

    /** How many bytes {@code value} takes as a varint. */
    static int varintSize(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    ProtoWriter tag(int field, int wireType) {
        return varint((long) field << 3 | wireType);
    }

    ProtoWriter uint64(int field, long value) {
        return tag(field, ProtoReader.VARINT).varint(value);
    }

    ProtoWriter fixed32(int field, int value) {
        tag(field, ProtoReader.FIXED32);
        ensure(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    ProtoWriter bytes(int field, ByteBuffer value) {
        tag(field, ProtoReader.BYTES).varint(value.remaining());
        ensure(value.remaining());
        int size = value.remaining();
        value.duplicate().get(bytes, length, size);
        length += size;
        return this;
    }

    ProtoWriter varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    int size() {
        return length;
    }

    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}

package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Varint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The protobuf around a public or private key: {@code Type = 1} (enum), {@code Data = 2} (bytes), both required.
 *
 * <p>It is written in one form, fields by number and nothing else, because a PeerId is a hash of it. Unknown fields are
 * passed over when it is read.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared and not kept.
public record KeyProtobuf(KeyType type, byte[] data) {
    /** The longest protobuf that is read; a private RSA key of 8192 bits takes less than 5 KiB. */
    public static final int MAX_BYTES = 8 << 10;

    private static final int TYPE_TAG = 1 << 3;
    private static final int DATA_TAG = 2 << 3 | 2;
    private static final int FIXED64_BYTES = 8;
    private static final int FIXED32_BYTES = 4;

    public byte[] encode() {
        ByteBuffer target = ByteBuffer.allocate(3 + Varint.size(data.length) + data.length);
        target.put((byte) TYPE_TAG).put((byte) type.code()).put((byte) DATA_TAG);
        Varint.write(target, data.length);
        return target.put(data).array();
    }

    /** @throws MultiformatException if {@code bytes} is no such protobuf */
    public static KeyProtobuf decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new MultiformatException("key: protobuf of " + bytes.length + " bytes, want at most " + MAX_BYTES);
        }
        ByteBuffer source = ByteBuffer.wrap(bytes);
        long type = -1;
        byte @Nullable [] data = null;
        while (source.hasRemaining()) {
            long tag = Varint.read(source);
            if (tag == TYPE_TAG) {
                type = Varint.read(source);
            } else if (tag == DATA_TAG) {
                data = new byte[length(source, Varint.read(source))];
                source.get(data);
            } else {
                skip(source, tag);
            }
        }
        if (type < 0 || data == null) {
            throw new MultiformatException("key: protobuf without " + (data == null ? "data" : "type"));
        }
        long code = type;
        return new KeyProtobuf(
                KeyType.byCode(code).orElseThrow(() -> new MultiformatException("key: type " + code + ", want 0 to 3")),
                data);
    }

    private static void skip(ByteBuffer source, long tag) {
        int wireType = (int) (tag & 7);
        if (tag >>> 3 == 0) {
            throw new MultiformatException("key: protobuf field 0");
        }
        switch (wireType) {
            case 0 -> Varint.read(source);
            case 1 -> advance(source, FIXED64_BYTES);
            case 2 -> advance(source, Varint.read(source));
            case 5 -> advance(source, FIXED32_BYTES);
            default -> throw new MultiformatException("key: protobuf wire type " + wireType + ", want 0, 1, 2 or 5");
        }
    }

    private static void advance(ByteBuffer source, long by) {
        source.position(source.position() + length(source, by));
    }

    private static int length(ByteBuffer source, long length) {
        if (length > source.remaining()) {
            throw new MultiformatException(
                    "key: protobuf field of " + length + " bytes, " + source.remaining() + " are left");
        }
        return (int) length;
    }
}

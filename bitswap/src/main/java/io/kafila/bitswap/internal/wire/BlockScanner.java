package io.kafila.bitswap.internal.wire;

import static io.kafila.bitswap.internal.wire.ProtoReader.BYTES;
import static io.kafila.bitswap.internal.wire.ProtoReader.FIXED32;
import static io.kafila.bitswap.internal.wire.ProtoReader.FIXED64;
import static io.kafila.bitswap.internal.wire.ProtoReader.VARINT;

import java.nio.ByteBuffer;

/**
 * Finds out where in the body of a message the bytes of large blocks lie, while it arrives. Refuses nothing: what it does not
 * understand it passes over to the end, and {@link MessageDecoder} says what is wrong with it. Confined to one thread.
 */
final class BlockScanner {
    /** Blocks below this size are passed over: there may be a million in a message, and each one found costs a little. */
    static final int LEAST_BLOCK_BYTES = 64 * 1024;

    private static final int MAX_VARINT_BYTES = 10;

    private enum Expected {
        TAG,
        LENGTH,
        VALUE
    }

    private final int bodyBytes;
    private Expected expected = Expected.TAG;
    /** How many bytes of the body are passed, the blocks among them. */
    private int position;
    /** Where the payload ends that is being read, if one is. */
    private int payloadEnd;

    private int tag;
    private long varint;
    private int varintBytes;
    private int skipBytes;

    BlockScanner(int bodyBytes) {
        this.bodyBytes = bodyBytes;
    }

    /**
     * Moves the position of {@code bytes}, which follow those that were scanned before, to where a large block begins or to
     * their end. Answers the size of the block, which counts as scanned, or 0 where none begins.
     */
    int scan(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (skipBytes > 0) {
                int step = Math.min(skipBytes, bytes.remaining());
                bytes.position(bytes.position() + step);
                position += step;
                skipBytes -= step;
                continue;
            }
            position++;
            int block = next(bytes.get());
            if (block > 0) {
                position += block;
                return block;
            }
        }
        return 0;
    }

    private int next(byte value) {
        varint |= (value & 0x7FL) << (7 * varintBytes);
        varintBytes++;
        if (value < 0) {
            if (varintBytes == MAX_VARINT_BYTES) {
                skip(bodyBytes);
            }
            return 0;
        }
        long number = varint;
        varint = 0;
        varintBytes = 0;
        Expected what = expected;
        expected = Expected.TAG;
        return switch (what) {
            case TAG -> {
                onTag((int) number);
                yield 0;
            }
            case LENGTH -> onLength(number);
            case VALUE -> 0;
        };
    }

    private void onTag(int number) {
        tag = number;
        switch (number & 7) {
            case VARINT -> expected = Expected.VALUE;
            case BYTES -> expected = Expected.LENGTH;
            case FIXED64 -> skip(8);
            case FIXED32 -> skip(4);
            default -> skip(bodyBytes);
        }
    }

    private int onLength(long length) {
        boolean inPayload = position < payloadEnd;
        if (length < 0 || length > (inPayload ? payloadEnd : bodyBytes) - position) {
            skip(bodyBytes);
            return 0;
        }
        boolean block = tag == (inPayload ? MessageDecoder.BLOCK_DATA : MessageDecoder.BLOCKS);
        if (block && length >= LEAST_BLOCK_BYTES) {
            return (int) length;
        }
        if (!inPayload && tag == MessageDecoder.PAYLOAD) {
            payloadEnd = position + (int) length;
        } else {
            skip((int) length);
        }
        return 0;
    }

    /** Passes over the next bytes, at most to the end of the body. */
    private void skip(int length) {
        skipBytes = Math.min(length, bodyBytes - position);
    }
}

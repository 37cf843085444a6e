package io.kafila.bitswap.internal.wire;

import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a stream into message bodies without copying them. Owns the pieces that are not handed out yet.
 * Confined to the thread that reads the stream.
 */
public final class MessageAssembler implements AutoCloseable {
    /** A length of at most 4 MiB takes four bytes. */
    private static final int MAX_LENGTH_BYTES = 4;

    /** Pieces below this size are merged when there are many, so that bytes sent one by one cost no memory. */
    private static final int SMALL_PIECE_BYTES = 512;

    private static final int MAX_SMALL_PIECES = 64;

    private final Deque<Payload> pieces = new ArrayDeque<>();
    /** How many bytes of the first piece are handed out. */
    private int headOffset;

    private int bufferedBytes;
    private int smallPieces;
    private int lengthSoFar;
    private int lengthBytes;
    /** The length of the body that is being received, -1 while it is not known. */
    private int bodyBytes = -1;

    /** Takes over the next bytes of the stream. */
    public void take(Payload piece) {
        if (piece.size() == 0) {
            piece.close();
            return;
        }
        pieces.add(piece);
        bufferedBytes += piece.size();
        if (piece.size() >= SMALL_PIECE_BYTES) {
            smallPieces = 0;
        } else if (++smallPieces == MAX_SMALL_PIECES) {
            merge();
        }
    }

    /** The length of the body that is being received, -1 while it is not known or none is. */
    public int bodyBytes() {
        return bodyBytes;
    }

    /** The bytes that are held. */
    public int bufferedBytes() {
        return bufferedBytes;
    }

    /** Whether no part of a message is held. */
    public boolean isEmpty() {
        return bufferedBytes == 0 && bodyBytes < 0 && lengthBytes == 0;
    }

    /**
     * The next body that is whole, which the caller closes, or {@code null}.
     *
     * @throws WireException if a message is announced that passes {@link WireLimits#MAX_MESSAGE_BYTES}
     */
    public @Nullable Payload poll() {
        if (!readLength() || bufferedBytes < bodyBytes) {
            return null;
        }
        Payload body = body(bodyBytes);
        bodyBytes = -1;
        return body;
    }

    /** Reads what there is of the length; answers whether {@link #bodyBytes()} is known. */
    public boolean readLength() {
        while (bodyBytes < 0 && bufferedBytes > 0) {
            int next = firstByte();
            lengthSoFar |= (next & 0x7F) << (7 * lengthBytes);
            lengthBytes++;
            if (lengthSoFar > WireLimits.MAX_MESSAGE_BYTES || (next >= 0x80 && lengthBytes == MAX_LENGTH_BYTES)) {
                throw new WireException(
                        "bitswap stream: announces a message of more than " + WireLimits.MAX_MESSAGE_BYTES + " bytes");
            }
            if (next < 0x80) {
                bodyBytes = lengthSoFar;
                lengthSoFar = 0;
                lengthBytes = 0;
            }
        }
        return bodyBytes >= 0;
    }

    private int firstByte() {
        Payload first = pieces.element();
        int value = byteAt(first, headOffset);
        advance(first, 1);
        return value;
    }

    private static int byteAt(Payload piece, int offset) {
        int skip = offset;
        for (ByteBuffer buffer : piece.buffers()) {
            if (skip < buffer.remaining()) {
                return buffer.get(buffer.position() + skip) & 0xFF;
            }
            skip -= buffer.remaining();
        }
        throw new IllegalStateException("piece of " + piece.size() + " bytes has no byte " + offset);
    }

    /** Passes over bytes of the first piece and lets it go at its end. */
    private void advance(Payload first, int length) {
        headOffset += length;
        bufferedBytes -= length;
        if (headOffset == first.size()) {
            pieces.remove();
            headOffset = 0;
            first.close();
        }
    }

    private Payload body(int length) {
        List<Payload> parts = new ArrayList<>();
        int left = length;
        while (left > 0) {
            Payload first = pieces.element();
            int part = Math.min(left, first.size() - headOffset);
            // Always a slice of what the stream gave, never a slice of a slice: chains would grow with the messages.
            parts.add(first.slice(headOffset, part));
            advance(first, part);
            left -= part;
        }
        smallPieces = 0;
        return join(parts);
    }

    private static Payload join(List<Payload> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        List<ByteBuffer> buffers = new ArrayList<>(parts.size());
        parts.forEach(part -> buffers.addAll(part.buffers()));
        return Payload.of(buffers, () -> parts.forEach(Payload::close));
    }

    private void merge() {
        Deque<Payload> tail = new ArrayDeque<>();
        int size = 0;
        // The first piece stays: a part of it may be handed out.
        for (int i = 0; i < MAX_SMALL_PIECES && pieces.size() > 1; i++) {
            Payload piece = pieces.removeLast();
            tail.addFirst(piece);
            size += piece.size();
        }
        ByteBuffer merged = ByteBuffer.allocate(size);
        for (Payload piece : tail) {
            piece.buffers().forEach(merged::put);
            piece.close();
        }
        pieces.add(Payload.of(merged.flip()));
        smallPieces = 0;
    }

    @Override
    public void close() {
        pieces.forEach(Payload::close);
        pieces.clear();
        headOffset = 0;
        bufferedBytes = 0;
        bodyBytes = -1;
    }
}

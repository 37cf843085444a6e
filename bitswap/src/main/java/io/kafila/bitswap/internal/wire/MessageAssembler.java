package io.kafila.bitswap.internal.wire;

import io.kafila.blockstore.WriteBuffer;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a stream into message bodies. Blocks for which there is {@link BlockMemory} are copied there as they
 * arrive, once it is clear that they do, while they are in the processor's cache, and the pieces they came in are free again; everything else stays in its
 * pieces. Owns what is not handed out yet. Confined to the thread that reads the stream.
 */
public final class MessageAssembler implements AutoCloseable {
    /** A length of at most 4 MiB takes four bytes. */
    private static final int MAX_LENGTH_BYTES = 4;

    /** Parts below this size are copied and packed, so that bytes sent one by one cost no memory. */
    private static final int SMALL_PART_BYTES = 512;

    private static final int PACK_BYTES = 2048;

    /** A block is given memory once one part in so many of it is here: whoever wants to hold memory has to send as much. */
    static final int EARNEST_SHARE = 8;

    private final BlockMemory memory;
    private final Deque<Payload> pieces = new ArrayDeque<>();
    /** How many bytes of the first piece are taken out of it. */
    private int headOffset;

    /** The bytes in the pieces. */
    private int waitingBytes;

    private int lengthSoFar;
    private int lengthBytes;
    /** The length of the body that is being received, -1 while it is not known. */
    private int bodyBytes = -1;

    private final List<Payload> parts = new ArrayList<>();
    private @Nullable ByteBuffer packed;
    /** The bytes of the body that are in the parts, in what is packed and in the block. */
    private int takenBytes;

    private @Nullable BlockScanner scanner;
    private @Nullable WriteBuffer block;
    /** What is to come of a block that has no memory. */
    private int blockBytes;
    /** The size of the block that has none yet and shall have it, else 0. */
    private int earnestBytes;
    /** Where that block begins among the parts. */
    private int earnestParts;

    /** Leaves all blocks in their pieces. */
    public MessageAssembler() {
        this(BlockMemory.NONE);
    }

    public MessageAssembler(BlockMemory memory) {
        this.memory = memory;
    }

    /** Takes over the next bytes of the stream. */
    public void take(Payload piece) {
        if (piece.size() == 0) {
            piece.close();
            return;
        }
        pieces.add(piece);
        waitingBytes += piece.size();
    }

    /** The length of the body that is being received, -1 while it is not known or none is. */
    public int bodyBytes() {
        return bodyBytes;
    }

    /** The bytes that are held. */
    public int bufferedBytes() {
        return takenBytes + waitingBytes;
    }

    /** Whether no part of a message is held. */
    public boolean isEmpty() {
        return bufferedBytes() == 0 && bodyBytes < 0 && lengthBytes == 0;
    }

    /**
     * The next body that is whole, which the caller closes, or {@code null}. To be called whenever bytes were taken, once
     * there is room for the body: only this sorts them.
     *
     * @throws WireException if a message is announced that passes {@link WireLimits#MAX_MESSAGE_BYTES}
     */
    public @Nullable Payload poll() {
        if (!readLength()) {
            return null;
        }
        BlockScanner current = scanner;
        if (current == null) {
            current = new BlockScanner(bodyBytes);
            scanner = current;
        }
        while (takenBytes < bodyBytes && !pieces.isEmpty()) {
            sort(current);
        }
        if (takenBytes < bodyBytes) {
            return null;
        }
        endPacked();
        Payload body = Payload.join(List.copyOf(parts));
        parts.clear();
        takenBytes = 0;
        bodyBytes = -1;
        scanner = null;
        return body;
    }

    /** Reads what there is of the length; answers whether {@link #bodyBytes()} is known. */
    public boolean readLength() {
        while (bodyBytes < 0 && !pieces.isEmpty()) {
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
        try (Payload one = cut(1)) {
            return one.buffer().get() & 0xFF;
        }
    }

    /** Sorts what it can of the first piece. */
    private void sort(BlockScanner current) {
        int there = Math.min(pieces.element().size() - headOffset, bodyBytes - takenBytes);
        WriteBuffer open = block;
        if (open != null) {
            fill(open, Math.min(there, open.bytes().remaining()));
        } else if (blockBytes > 0) {
            if (!moved()) {
                int length = Math.min(there, blockBytes);
                blockBytes -= length;
                keep(length);
            }
        } else {
            scan(current, there);
        }
    }

    /** Moves the block that is being received to memory of its own, if enough of it is here by now and there is memory. */
    private boolean moved() {
        int size = earnestBytes;
        int kept = size - blockBytes;
        if (size == 0 || kept + Math.min(waitingBytes, blockBytes) < size / EARNEST_SHARE) {
            return false;
        }
        earnestBytes = 0;
        WriteBuffer memoryOfIt = memory.forBlock(size);
        if (memoryOfIt == null) {
            return false;
        }
        endPacked();
        List<Payload> begun = parts.subList(earnestParts, parts.size());
        for (Payload part : begun) {
            part.buffers().forEach(memoryOfIt.bytes()::put);
            part.close();
        }
        begun.clear();
        block = memoryOfIt;
        blockBytes = 0;
        return true;
    }

    private void fill(WriteBuffer open, int length) {
        try (Payload bytes = cut(length)) {
            bytes.buffers().forEach(open.bytes()::put);
        }
        takenBytes += length;
        if (!open.bytes().hasRemaining()) {
            block = null;
            parts.add(open.filled());
        }
    }

    private void scan(BlockScanner current, int there) {
        int scanned = 0;
        int size = 0;
        try (Payload bytes = pieces.element().slice(headOffset, there)) {
            for (ByteBuffer buffer : bytes.buffers()) {
                int start = buffer.position();
                size = current.scan(buffer);
                scanned += buffer.position() - start;
                if (size > 0) {
                    break;
                }
            }
        }
        keep(scanned);
        if (size > 0) {
            endPacked();
            blockBytes = size;
            earnestBytes = size;
            earnestParts = parts.size();
        }
    }

    /** Makes the next bytes a part of the body. */
    private void keep(int length) {
        Payload part = cut(length);
        takenBytes += length;
        if (length >= SMALL_PART_BYTES) {
            endPacked();
            parts.add(part);
            return;
        }
        try (part) {
            ByteBuffer room = packed;
            if (room == null || room.remaining() < length) {
                endPacked();
                room = ByteBuffer.allocate(Math.min(PACK_BYTES, length + bodyBytes - takenBytes));
                packed = room;
            }
            part.buffers().forEach(room::put);
        }
    }

    private void endPacked() {
        ByteBuffer full = packed;
        packed = null;
        if (full == null) {
            return;
        }
        full.flip();
        boolean mostlyEmpty = full.remaining() < full.capacity() / 2;
        parts.add(Payload.of(
                mostlyEmpty ? ByteBuffer.allocate(full.remaining()).put(full).flip() : full));
    }

    /**
     * The next bytes of the first piece, which is let go at its end; the caller owns them. Always a slice of what the stream
     * gave, never a slice of a slice: chains would grow with the messages.
     */
    private Payload cut(int length) {
        Payload first = pieces.element();
        Payload part = first.slice(headOffset, length);
        headOffset += length;
        waitingBytes -= length;
        if (headOffset == first.size()) {
            pieces.remove();
            headOffset = 0;
            first.close();
        }
        return part;
    }

    @Override
    public void close() {
        pieces.forEach(Payload::close);
        pieces.clear();
        parts.forEach(Payload::close);
        parts.clear();
        packed = null;
        WriteBuffer open = block;
        block = null;
        if (open != null) {
            open.close();
        }
        scanner = null;
        blockBytes = 0;
        earnestBytes = 0;
        headOffset = 0;
        waitingBytes = 0;
        takenBytes = 0;
        bodyBytes = -1;
    }
}

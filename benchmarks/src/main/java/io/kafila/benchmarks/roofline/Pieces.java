package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.micro.Contents;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes to work on: pieces of direct memory, more than the processor caches, so that each is fetched from memory as the
 * bytes of a file are. Immutable.
 */
record Pieces(List<ByteBuffer> buffers) {
    private static final int TOTAL_BYTES = 32 << 20;
    private static final int ALIGNMENT = 4096;

    /** Pieces of {@code pieceBytes}, aligned to 4 KiB. */
    static Pieces of(int pieceBytes) {
        byte[] content = Contents.random(pieceBytes);
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < TOTAL_BYTES / pieceBytes; i++) {
            ByteBuffer piece = aligned(pieceBytes);
            piece.put(content).flip();
            // Each piece differs, or the disk of a virtual machine might know better.
            piece.putInt(0, i);
            buffers.add(piece);
        }
        return new Pieces(List.copyOf(buffers));
    }

    /** The same on the heap. */
    static List<byte[]> arrays(int pieceBytes) {
        return of(pieceBytes).buffers.stream()
                .map(buffer -> {
                    byte[] piece = new byte[pieceBytes];
                    buffer.get(0, piece);
                    return piece;
                })
                .toList();
    }

    /** Direct memory that O_DIRECT takes: it begins at a multiple of 4 KiB. */
    static ByteBuffer aligned(int bytes) {
        // An aligned slice ends at a multiple too.
        int whole = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return ByteBuffer.allocateDirect(whole + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .limit(bytes);
    }

    /** A fresh view of the piece with this number, which wraps around. */
    ByteBuffer piece(long number) {
        return buffers.get((int) (number % buffers.size())).duplicate();
    }
}

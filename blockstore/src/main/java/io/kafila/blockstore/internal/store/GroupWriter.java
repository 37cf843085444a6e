package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.disk.DirectMemory;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.GroupTrailer;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes groups. Direct memory goes to the disk from where it lies, many pieces in one call; heap memory is staged in a
 * direct buffer of our own, because the JDK would otherwise keep one as large as the largest write for each thread.
 * Confined to one thread at a time.
 */
final class GroupWriter {
    private static final int MAX_STAGING_BYTES = 1 << 20;
    private static final int MAX_PIECES = 512;
    private static final long MAX_CALL_BYTES = 8L << 20;

    private final ByteBuffer staging;
    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long pieceBytes;
    private long position;

    GroupWriter(int groupBytes) {
        this.staging = ByteBuffer.allocateDirect(Math.min(groupBytes, MAX_STAGING_BYTES));
    }

    /** Writes the group behind {@code start}; answers where it ends. */
    long write(DiskFile file, SegmentHeader header, long start, List<Group.Line> lines) throws IOException {
        position = start;
        pieces.clear();
        pieceBytes = 0;
        staging.clear();
        List<GroupEntry> entries = new ArrayList<>(lines.size());
        long payloadBytes = 0;
        for (Group.Line line : lines) {
            Payload payload = line.payload();
            if (payload == null) {
                entries.add(line.entry());
                continue;
            }
            CRC32C crc = new CRC32C();
            for (ByteBuffer buffer : payload.buffers()) {
                add(file, buffer, crc);
            }
            GroupEntry entry = line.entry();
            payloadBytes += entry.sizeBytes();
            entries.add(GroupEntry.payload(entry.birth(), entry.key(), entry.sizeBytes(), (int) crc.getValue()));
        }
        add(file, GroupTrailer.encode(header, start, payloadBytes, entries), new CRC32C());
        flush(file);
        return position;
    }

    private void add(DiskFile file, ByteBuffer buffer, CRC32C crc) throws IOException {
        if (buffer.isDirect()) {
            crc.update(buffer.duplicate());
            piece(file, buffer);
            return;
        }
        while (buffer.hasRemaining()) {
            if (!staging.hasRemaining()) {
                flush(file);
            }
            int n = Math.min(buffer.remaining(), staging.remaining());
            ByteBuffer staged = staging.slice(staging.position(), n);
            staging.put(buffer.slice().limit(n));
            buffer.position(buffer.position() + n);
            crc.update(staged.duplicate());
            piece(file, staged);
        }
    }

    private void piece(DiskFile file, ByteBuffer piece) throws IOException {
        pieces.add(piece);
        pieceBytes += piece.remaining();
        if (pieces.size() >= MAX_PIECES || pieceBytes >= MAX_CALL_BYTES) {
            flush(file);
        }
    }

    private void flush(DiskFile file) throws IOException {
        if (pieceBytes > 0) {
            file.write(pieces, position);
            position += pieceBytes;
        }
        pieces.clear();
        pieceBytes = 0;
        staging.clear();
    }

    void close() {
        DirectMemory.free(staging);
    }
}

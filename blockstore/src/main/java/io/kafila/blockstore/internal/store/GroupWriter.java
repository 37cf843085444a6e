package io.kafila.blockstore.internal.store;

import static io.kafila.blockstore.internal.disk.DiskFile.PAGE_BYTES;

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
import org.jspecify.annotations.Nullable;

/**
 * Writes groups, in whole pages of direct memory at page boundaries, so that a disk can take them past the page cache.
 * Direct memory that begins at a page boundary, and has its place at one, goes to the disk from where it lies; all else is
 * staged in a buffer of our own. Confined to one thread at a time.
 */
final class GroupWriter {
    private static final int MAX_STAGING_BYTES = 4 << 20;
    private static final int MAX_PIECES = 512;
    private static final long MAX_CALL_BYTES = 8L << 20;

    /** Below this a copy is cheaper than one more piece. */
    static final int LEAST_PIECE_BYTES = 16 * PAGE_BYTES;

    /** A checksum and the copy that follows it meet the bytes in the processor's cache. */
    private static final int COPY_BYTES = 64 << 10;

    private final ByteBuffer allocated;
    private final ByteBuffer staging;
    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long pieceBytes;
    /** Where the staged bytes begin that are not among the pieces yet: always at a page boundary. */
    private int unlisted;

    private long position;

    GroupWriter(int groupBytes) {
        allocated = DirectMemory.allocate(
                (int) SegmentHeader.pageAligned(Math.min(groupBytes + PAGE_BYTES, MAX_STAGING_BYTES)));
        staging = DirectMemory.align(allocated);
    }

    /** Writes the group behind {@code start}; answers where it ends. */
    long write(DiskFile file, SegmentHeader header, long start, List<Group.Line> lines) throws IOException {
        position = start;
        clear();
        List<GroupEntry> entries = new ArrayList<>(lines.size());
        long payloadBytes = 0;
        for (Group.Line line : lines) {
            Payload payload = line.payload();
            if (payload == null) {
                entries.add(line.entry());
                continue;
            }
            GroupEntry entry = line.entry();
            CRC32C crc = entry.kind() == GroupEntry.Kind.HASHED_PAYLOAD ? null : new CRC32C();
            for (ByteBuffer buffer : payload.buffers()) {
                add(file, buffer, crc);
            }
            payloadBytes += entry.sizeBytes();
            entries.add(crc == null ? entry : entry.withChecksum((int) crc.getValue()));
        }
        add(file, GroupTrailer.encode(header, start, payloadBytes, entries), null);
        flush(file);
        return position;
    }

    private void add(DiskFile file, ByteBuffer buffer, @Nullable CRC32C crc) throws IOException {
        if (staging.position() % PAGE_BYTES == 0 && buffer.isDirect()) {
            int pages = buffer.remaining() & -PAGE_BYTES;
            ByteBuffer run = buffer.slice(buffer.position(), pages);
            if (pages >= LEAST_PIECE_BYTES && DirectMemory.aligned(run)) {
                count(run, crc);
                list();
                piece(file, run);
                buffer.position(buffer.position() + pages);
            }
        }
        while (buffer.hasRemaining()) {
            if (!staging.hasRemaining()) {
                flush(file);
            }
            int n = Math.min(Math.min(buffer.remaining(), COPY_BYTES), staging.remaining());
            ByteBuffer part = buffer.slice(buffer.position(), n);
            count(part, crc);
            staging.put(part);
            buffer.position(buffer.position() + n);
        }
    }

    private static void count(ByteBuffer part, @Nullable CRC32C crc) {
        if (crc != null) {
            crc.update(part.duplicate());
        }
    }

    private void piece(DiskFile file, ByteBuffer piece) throws IOException {
        pieces.add(piece);
        pieceBytes += piece.remaining();
        if (pieces.size() >= MAX_PIECES || pieceBytes >= MAX_CALL_BYTES) {
            flush(file);
        }
    }

    /** Lines up what is staged, whole pages of it. */
    private void list() {
        int length = staging.position() - unlisted;
        if (length > 0) {
            pieces.add(staging.slice(unlisted, length));
            pieceBytes += length;
            unlisted = staging.position();
        }
    }

    private void flush(DiskFile file) throws IOException {
        list();
        if (pieceBytes > 0) {
            file.write(pieces, position);
            position += pieceBytes;
        }
        clear();
    }

    private void clear() {
        pieces.clear();
        pieceBytes = 0;
        staging.clear();
        unlisted = 0;
    }

    void close() {
        DirectMemory.free(allocated);
    }
}

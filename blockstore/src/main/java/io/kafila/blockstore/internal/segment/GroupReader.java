package io.kafila.blockstore.internal.segment;

import static io.kafila.blockstore.internal.segment.GroupTrailer.FOOTER_BYTES;
import static io.kafila.blockstore.internal.segment.SegmentHeader.PAGE_BYTES;

import io.kafila.blockstore.internal.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds and reads the groups of one segment file. Not thread-safe. Its memory is bounded by one trailer. */
public final class GroupReader {
    private static final int SCAN_BYTES = 16 * PAGE_BYTES;

    private final DiskFile file;
    private final SegmentHeader header;

    public GroupReader(DiskFile file, SegmentHeader header) {
        this.file = file;
        this.header = header;
    }

    /** Reads the header of a segment file. */
    public static SegmentHeader header(DiskFile file, String name) throws IOException {
        ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
        file.read(page, 0);
        return SegmentHeader.decode(page.flip(), name);
    }

    /**
     * Every group of a segment up to {@code end}, in order. Walks from footer to footer backwards; where that chain is
     * broken, looks at every page.
     */
    public List<GroupTrailer.Footer> groups(long end) throws IOException {
        Deque<GroupTrailer.Footer> found = new ArrayDeque<>();
        long at = end;
        while (at > PAGE_BYTES) {
            GroupTrailer.Footer footer = footerBefore(at);
            if (footer == null) {
                break;
            }
            found.addFirst(footer);
            at = footer.start();
        }
        if (at <= PAGE_BYTES) {
            return List.copyOf(found);
        }
        List<GroupTrailer.Footer> all = new ArrayList<>();
        for (GroupTrailer next = next(PAGE_BYTES, end); next != null; next = next(next.end(), end)) {
            GroupTrailer.Footer footer = footerBefore(next.end());
            if (footer != null) {
                all.add(footer);
            }
        }
        return all;
    }

    private GroupTrailer.@Nullable Footer footerBefore(long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(FOOTER_BYTES);
        if (file.read(bytes, end - FOOTER_BYTES) < FOOTER_BYTES) {
            return null;
        }
        return GroupTrailer.footer(header, bytes.flip(), end);
    }

    /**
     * The first group that begins at or after {@code from} and ends at or before {@code limit}, {@code null} where there
     * is none. Its trailer is checked, its payloads are not.
     */
    public @Nullable GroupTrailer next(long from, long limit) throws IOException {
        ByteBuffer pages = ByteBuffer.allocate(SCAN_BYTES);
        for (long at = from; at < limit; at += SCAN_BYTES) {
            pages.clear();
            int read = file.read(pages, at);
            for (int end = PAGE_BYTES; end <= read && at + end <= limit; end += PAGE_BYTES) {
                ByteBuffer bytes = pages.slice(end - FOOTER_BYTES, FOOTER_BYTES);
                GroupTrailer.Footer footer = GroupTrailer.footer(header, bytes, at + end);
                if (footer != null && footer.start() >= from) {
                    GroupTrailer trailer = valid(footer);
                    if (trailer != null) {
                        return trailer;
                    }
                }
            }
            if (read < SCAN_BYTES) {
                return null;
            }
        }
        return null;
    }

    private @Nullable GroupTrailer valid(GroupTrailer.Footer footer) throws IOException {
        try {
            return trailer(footer);
        } catch (SegmentFormatException e) {
            // A torn or foreign trailer: the search goes on behind it, as if it were payload.
            return null;
        }
    }

    /** @throws SegmentFormatException if the trailer is damaged */
    public GroupTrailer trailer(GroupTrailer.Footer footer) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(footer.trailerBytes());
        file.read(bytes, footer.entriesAt());
        return GroupTrailer.decode(footer, bytes.flip());
    }

    /** Whether the bytes of a payload match their checksum. */
    public boolean sound(GroupEntry entry, long offset) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Math.min(entry.sizeBytes(), SCAN_BYTES));
        PayloadCheck check = new PayloadCheck(entry);
        for (int done = 0; done < entry.sizeBytes(); done += chunk.limit()) {
            chunk.clear().limit(Math.min(chunk.capacity(), entry.sizeBytes() - done));
            if (file.read(chunk, offset + done) < chunk.limit()) {
                return false;
            }
            check.update(chunk.flip());
        }
        return check.matches();
    }
}

package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.reference.ReferencedFile;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.multiformats.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are written, forced and acknowledged together. Filled by the append step alone; its parts are guarded by
 * the catalog's lock once it is published.
 */
final class Group {
    /** A change and the request that it belongs to. */
    record Part(Request request, Op op) {}

    /**
     * What the index will say of a key.
     *
     * @param before what it says now
     * @param after what it will say, {@code null} where the block goes
     * @param file the reference that {@code after} stands for
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Change(
            byte[] key,
            @Nullable Location before,
            @Nullable Location after,
            @Nullable ReferencedFile file) {}

    /** A line of the trailer; the checksum of a payload comes when it is written. */
    record Line(GroupEntry entry, @Nullable Payload payload) {}

    final List<Part> parts = new ArrayList<>();
    final List<Change> changes = new ArrayList<>();
    final List<Line> lines = new ArrayList<>();
    final List<Op.Note> notes = new ArrayList<>();
    private @Nullable Segment segment;
    private long start;
    long payloadBytes;
    /** Where the group ends in its segment. */
    long end;
    /** The sequence number after the last that the group uses. */
    long nextBirth;

    void place(Segment into, long at) {
        segment = into;
        start = at;
        end = at;
    }

    @Nullable
    Segment segment() {
        return segment;
    }

    long start() {
        return start;
    }

    long sizeBytes() {
        return end - start;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }
}

package io.kafila.blockstore.internal.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The end of the stream of groups: the segment that is being written, and how far. Confined to the append step. */
final class Tail implements Stager.Placement {
    private final Catalog catalog;
    private final Shelf shelf;
    private final long segmentBytes;

    private Catalog.@Nullable Entry active;
    private long position;

    /** @param segmentBytes when a segment is finished and the next one begun */
    Tail(Catalog catalog, Shelf shelf, long segmentBytes) {
        this.catalog = catalog;
        this.shelf = shelf;
        this.segmentBytes = segmentBytes;
    }

    /** Goes on behind what is acknowledged of a segment, or with a new one. */
    void resume(Catalog.@Nullable Entry unfinished) {
        active = unfinished;
        position = unfinished == null ? 0 : unfinished.state.tail();
    }

    @Override
    public void place(Group group) throws IOException {
        Catalog.Entry entry = active;
        if (entry == null || position >= segmentBytes) {
            long id;
            synchronized (catalog) {
                id = ++catalog.lastSegment;
            }
            entry = new Catalog.Entry(shelf.create(id), SegmentState.EMPTY, false);
            synchronized (catalog) {
                catalog.segments.put(id, entry);
            }
            active = entry;
            position = entry.state.tail();
        }
        group.place(entry.segment, position);
    }

    /** The group that was placed last ends there. */
    void moveTo(long end) {
        position = end;
    }

    @Override
    public long leave() {
        Catalog.Entry entry = active;
        active = null;
        return entry == null ? 0 : entry.segment.id();
    }

    /** Cuts a segment back to what is acknowledged of it, durably; it goes as a whole where that is nothing. */
    void cut(Catalog.Entry unfinished) throws IOException {
        if (unfinished.named) {
            unfinished.segment.file().truncate(unfinished.state.tail());
            unfinished.segment.file().force();
        } else {
            discard(unfinished);
        }
    }

    /** Deletes a segment of which nothing was acknowledged: not even its header is known to be durable. */
    private void discard(Catalog.Entry entry) throws IOException {
        Segment segment = entry.segment;
        if (!entry.renamed) {
            shelf.disk().rename(Segment.nameOf(segment.id()), Segment.deadNameOf(segment.id()));
            entry.renamed = true;
        }
        shelf.disk().forceFolder(Segment.FOLDER);
        synchronized (catalog) {
            catalog.segments.remove(segment.id());
        }
        if (active == entry) {
            active = null;
        }
        segment.condemn();
    }

    /**
     * Goes on after everything unacknowledged was cut.
     *
     * @param abandon whether the segment must not be written again
     */
    void restart(boolean abandon) {
        resume(abandon ? null : active);
    }
}

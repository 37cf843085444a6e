package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.Pin;
import io.kafila.blockstore.internal.Leases;
import io.kafila.blockstore.internal.segment.Location;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows in memory: its segments, the changes that are on their way to the index, leases, and the pins
 * that a running garbage collection has yet to mark. It is its own lock: whoever touches it holds its monitor, for
 * moments and never while the disk is asked.
 */
final class Catalog {
    /**
     * A change that is not in the index yet.
     *
     * @param location where the block will be, {@code null} where it will be gone
     * @param hidden whether a removal is among the changes on their way, so that the block is not there for anybody now
     * @param group what brings it
     */
    record Pending(@Nullable Location location, boolean hidden, Group group) {}

    /** A segment and what the index records of it. */
    static final class Entry {
        final Segment segment;
        SegmentState state;
        /** Whether the file's name is known to be durable. */
        boolean named;
        /** Whether the file has its dead name. */
        boolean renamed;
        /** Whether the header cannot be read, so that groups cannot be told from rubbish. */
        boolean headless;

        Entry(Segment segment, SegmentState state, boolean named) {
            this.segment = segment;
            this.state = state;
            this.named = named;
        }
    }

    final TreeMap<Long, Entry> segments = new TreeMap<>();
    final Leases leases = new Leases(this);
    Totals totals = Totals.EMPTY;
    /** The sequence number of the next put, ahead of what {@link #totals} says. */
    long nextBirth = 1;
    /** The highest id that a segment file has had. */
    long lastSegment;

    private final Map<ByteBuffer, Pending> pending = new HashMap<>();
    private final List<Pin> pinsOnTheirWay = new ArrayList<>();
    private @Nullable List<Pin> pinnedDuringCollection;

    @Nullable
    Pending pending(byte[] key) {
        return pending.get(ByteBuffer.wrap(key));
    }

    void setPending(byte[] key, @Nullable Location location, Group group) {
        ByteBuffer wrapped = ByteBuffer.wrap(key);
        Pending before = pending.get(wrapped);
        boolean hidden = location == null || (before != null && before.hidden());
        pending.put(wrapped, new Pending(location, hidden, group));
    }

    /** Forgets the change of a key, where {@code group} brought the last one. */
    void settle(byte[] key, Group group) {
        ByteBuffer wrapped = ByteBuffer.wrap(key);
        Pending last = pending.get(wrapped);
        if (last != null && last.group() == group) {
            pending.remove(wrapped);
        }
    }

    @Nullable
    Entry segment(long id) {
        return segments.get(id);
    }

    boolean anyStale(long except) {
        for (Map.Entry<Long, Entry> each : segments.entrySet()) {
            if (each.getValue().state.stale() && each.getKey() != except) {
                return true;
            }
        }
        return false;
    }

    long segmentBytes() {
        long bytes = 0;
        for (Entry entry : segments.values()) {
            bytes += entry.state.tail();
        }
        return bytes;
    }

    // The pins of a running collection

    void beginCollection() {
        pinnedDuringCollection = new ArrayList<>(pinsOnTheirWay);
    }

    void endCollection() {
        pinnedDuringCollection = null;
    }

    void pinBegins(Pin pin) {
        pinsOnTheirWay.add(pin);
        if (pinnedDuringCollection != null) {
            pinnedDuringCollection.add(pin);
        }
    }

    void pinEnds(Pin pin) {
        pinsOnTheirWay.remove(pin);
    }

    boolean unmarkedPins() {
        return pinnedDuringCollection != null && !pinnedDuringCollection.isEmpty();
    }

    /** The pins that came since the last call. */
    List<Pin> takeUnmarkedPins() {
        List<Pin> taken = pinnedDuringCollection == null ? List.of() : List.copyOf(pinnedDuringCollection);
        if (pinnedDuringCollection != null) {
            pinnedDuringCollection.clear();
        }
        return taken;
    }
}

package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.IndexBatch;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.GroupReader;
import io.kafila.blockstore.internal.segment.GroupTrailer;
import io.kafila.blockstore.internal.segment.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings groups from segments into the index, in the order in which they were written. Confined to one thread.
 *
 * <p>That order decides: a payload is found at its last copy, and a removal ends the copies that came before it, unless
 * the block was put anew since, which its birth tells. Every group is one batch with the states of segments and the
 * totals, so that a crash on the way leaves an index that the next replay continues.
 */
final class Replay {
    private final Index index;
    private final int inlineBytes;
    final NavigableMap<Long, SegmentState> states;
    Totals totals;

    Replay(Index index, int inlineBytes, NavigableMap<Long, SegmentState> states, Totals totals) {
        this.index = index;
        this.inlineBytes = inlineBytes;
        this.states = states;
        this.totals = totals;
    }

    /**
     * Applies one group.
     *
     * @param checked whether every payload is known to be sound; otherwise the unsound are passed over and reported
     */
    void group(Segment segment, GroupReader reader, GroupTrailer trailer, boolean checked, List<String> findings)
            throws IOException {
        Map<ByteBuffer, @Nullable Location> changed = new HashMap<>();
        IndexBatch batch = new IndexBatch();
        long offset = trailer.start();
        for (GroupEntry entry : trailer.entries()) {
            if (!entry.isPayload()) {
                removal(entry, changed, batch);
            } else if (checked || reader.sound(entry, offset)) {
                payload(segment, entry, offset, changed, batch);
            } else {
                findings.add("segment " + segment.describe() + ": the payload of " + entry.sizeBytes()
                        + " bytes at offset " + offset + " does not match its checksum; it is left out");
            }
            offset += entry.sizeBytes();
            totals = new Totals(
                    Math.max(totals.nextBirth(), entry.birth() + 1),
                    Math.max(totals.lastSegment(), segment.id()),
                    totals.blocks(),
                    totals.liveBytes());
        }
        totals = new Totals(
                totals.nextBirth(), Math.max(totals.lastSegment(), segment.id()), totals.blocks(), totals.liveBytes());
        states.computeIfPresent(segment.id(), (id, state) -> state.withTail(Math.max(state.tail(), trailer.end())));
        write(batch, false);
    }

    /** Writes a batch together with the states and the totals. */
    void write(IndexBatch batch, boolean sync) {
        states.forEach((id, state) -> batch.put(Table.META, SegmentState.key(id), state.encode()));
        batch.put(Table.META, Totals.key(), totals.encode());
        index.write(batch, sync);
    }

    private @Nullable Location current(byte[] key, Map<ByteBuffer, @Nullable Location> changed) {
        ByteBuffer wrapped = ByteBuffer.wrap(key);
        if (changed.containsKey(wrapped)) {
            return changed.get(wrapped);
        }
        byte[] value = index.get(Table.BLOCKS, key);
        return value == null ? null : Location.decode(value);
    }

    private void removal(GroupEntry entry, Map<ByteBuffer, @Nullable Location> changed, IndexBatch batch) {
        Location before = current(entry.key(), changed);
        if (before == null || before.isReference() || before.birth() > entry.birth()) {
            return;
        }
        changed.put(ByteBuffer.wrap(entry.key()), null);
        batch.delete(Table.BLOCKS, entry.key());
        leave(before);
    }

    private void payload(
            Segment segment,
            GroupEntry entry,
            long offset,
            Map<ByteBuffer, @Nullable Location> changed,
            IndexBatch batch)
            throws IOException {
        Location before = current(entry.key(), changed);
        if (before != null && before.birth() > entry.birth()) {
            return;
        }
        byte[] inline = null;
        if (entry.sizeBytes() <= inlineBytes) {
            ByteBuffer bytes = ByteBuffer.allocate(entry.sizeBytes());
            segment.file().read(bytes, offset);
            inline = bytes.array();
        }
        Location after = new Location(entry.birth(), segment.id(), offset, entry.sizeBytes(), inline);
        if (before != null) {
            if (before.samePlace(after)) {
                return;
            }
            if (before.isReference()) {
                batch.delete(Table.REFERENCES, entry.key());
            } else {
                // The older copy stays behind: its segment must go before the removal of this block may be forgotten.
                states.computeIfPresent(before.segment(), (id, state) -> state.asStale());
            }
            leave(before);
        }
        changed.put(ByteBuffer.wrap(entry.key()), after);
        batch.put(Table.BLOCKS, entry.key(), after.encode());
        states.computeIfPresent(segment.id(), (id, state) -> state.plus(1, entry.sizeBytes()));
        totals = new Totals(
                totals.nextBirth(), totals.lastSegment(), totals.blocks() + 1, totals.liveBytes() + entry.sizeBytes());
    }

    /** The index no longer finds a block where it was. */
    void leave(Location before) {
        states.computeIfPresent(before.segment(), (id, state) -> state.plus(-1, -before.sizeBytes()));
        totals = new Totals(
                totals.nextBirth(), totals.lastSegment(), totals.blocks() - 1, totals.liveBytes() - before.sizeBytes());
    }
}

package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.IndexBatch;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.segment.Location;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings groups that are forced into the index, as one batch with the states of their segments, the totals and a number
 * that tells afterwards whether a batch that failed has happened. Confined to the force step, and to the append step's
 * reset while the force step stands still.
 */
final class IndexCommit {
    private static final byte[] COMMIT_KEY = "commit".getBytes(StandardCharsets.UTF_8);

    private record Outcome(Map<Long, @Nullable SegmentState> states, Totals totals, long number) {}

    private final Catalog catalog;
    private final Index index;
    private long lastNumber;
    private @Nullable Outcome uncertain;

    IndexCommit(Catalog catalog, Index index) {
        this.catalog = catalog;
        this.index = index;
        this.lastNumber = storedNumber();
    }

    private long storedNumber() {
        byte[] value = index.get(Table.META, COMMIT_KEY);
        return value == null ? 0 : SegmentState.Numbers.decode(value, 1)[0];
    }

    /**
     * Writes the batch and installs what it says in the catalog.
     *
     * @throws BlockstoreException if it did not happen, or if nobody can say: {@link #resolve} then says
     */
    void commit(List<Group> groups) {
        IndexBatch batch = new IndexBatch();
        Outcome outcome = build(groups, batch);
        uncertain = outcome;
        try {
            index.write(batch, true);
        } catch (RuntimeException e) {
            try {
                index.reopen();
                if (storedNumber() != outcome.number()) {
                    uncertain = null;
                    throw e;
                }
            } catch (RuntimeException again) {
                if (again != e) {
                    e.addSuppressed(again);
                }
                throw e;
            }
        }
        install(outcome);
    }

    /** Finds out what became of a batch of which nobody could say, and installs it if it happened. */
    void resolve() {
        Outcome outcome = uncertain;
        if (outcome == null) {
            return;
        }
        index.reopen();
        if (storedNumber() == outcome.number()) {
            install(outcome);
        }
        uncertain = null;
    }

    private void install(Outcome outcome) {
        uncertain = null;
        lastNumber = outcome.number();
        synchronized (catalog) {
            catalog.totals = outcome.totals();
            outcome.states().forEach((id, state) -> {
                Catalog.Entry entry = catalog.segment(id);
                if (state == null) {
                    catalog.segments.remove(id);
                } else if (entry != null) {
                    entry.state = state;
                }
            });
        }
    }

    private Outcome build(List<Group> groups, IndexBatch batch) {
        Map<Long, @Nullable SegmentState> states = new TreeMap<>();
        Totals totals;
        List<Long> unsealed = new ArrayList<>();
        synchronized (catalog) {
            totals = catalog.totals;
            catalog.segments.forEach((id, entry) -> {
                states.put(id, entry.state);
                if (!entry.state.sealed()) {
                    unsealed.add(id);
                }
            });
        }
        Map<Long, @Nullable SegmentState> before = new TreeMap<>(states);
        long blocks = totals.blocks();
        long liveBytes = totals.liveBytes();
        long nextBirth = totals.nextBirth();
        long lastSegment = totals.lastSegment();
        for (Group group : groups) {
            for (Group.Change change : group.changes) {
                apply(change, states, batch);
                blocks += (change.after() == null ? 0 : 1) - (change.before() == null ? 0 : 1);
                liveBytes += sizeOf(change.after()) - sizeOf(change.before());
            }
            Segment segment = group.segment();
            if (segment != null) {
                states.computeIfPresent(segment.id(), (id, state) -> state.withTail(group.end));
                lastSegment = Math.max(lastSegment, segment.id());
            }
            for (Op.Note note : group.notes) {
                states.put(note.segment(), note.change().apply(states.get(note.segment())));
            }
            nextBirth = Math.max(nextBirth, group.nextBirth);
        }
        for (long id : unsealed) {
            // Segments are written one after the other: what lies below the last one is finished.
            if (id < lastSegment) {
                states.computeIfPresent(id, (same, state) -> state.asSealed());
            }
        }
        totals = new Totals(nextBirth, lastSegment, blocks, liveBytes);
        writeStates(states, before, batch);
        batch.put(Table.META, Totals.key(), totals.encode());
        long number = lastNumber + 1;
        batch.put(Table.META, COMMIT_KEY, SegmentState.Numbers.encode(number));
        return new Outcome(states, totals, number);
    }

    private static void writeStates(
            Map<Long, @Nullable SegmentState> states, Map<Long, @Nullable SegmentState> before, IndexBatch batch) {
        states.forEach((id, state) -> {
            if (state == null) {
                batch.delete(Table.META, SegmentState.key(id));
            } else if (!state.equals(before.get(id))) {
                batch.put(Table.META, SegmentState.key(id), state.encode());
            }
        });
    }

    private static void apply(Group.Change change, Map<Long, @Nullable SegmentState> states, IndexBatch batch) {
        Location before = change.before();
        Location after = change.after();
        if (before != null) {
            if (before.isReference()) {
                batch.delete(Table.REFERENCES, change.key());
            } else {
                states.computeIfPresent(before.segment(), (id, state) -> state.plus(-1, -before.sizeBytes()));
            }
        }
        if (after == null) {
            batch.delete(Table.BLOCKS, change.key());
            return;
        }
        batch.put(Table.BLOCKS, change.key(), after.encode());
        if (change.file() != null) {
            batch.put(Table.REFERENCES, change.key(), References.encode(change.file()));
        } else {
            states.computeIfPresent(after.segment(), (id, state) -> state.plus(1, after.sizeBytes()));
        }
    }

    private static int sizeOf(@Nullable Location location) {
        return location == null ? 0 : location.sizeBytes();
    }
}

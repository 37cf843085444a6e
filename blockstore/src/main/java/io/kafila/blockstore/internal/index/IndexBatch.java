package io.kafila.blockstore.internal.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes that happen together or not at all, in order. Not thread-safe. */
public final class IndexBatch {
    /** One change; without a value it deletes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Change(Table table, byte[] key, byte @Nullable [] value) {}

    private final List<Change> changes = new ArrayList<>();

    public void put(Table table, byte[] key, byte[] value) {
        changes.add(new Change(table, key, value));
    }

    public void delete(Table table, byte[] key) {
        changes.add(new Change(table, key, null));
    }

    public List<Change> changes() {
        return changes;
    }
}

package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.blockstore.PinStore;
import io.kafila.blockstore.internal.Futures;
import io.kafila.blockstore.internal.PinRules;
import io.kafila.blockstore.internal.ScanCursor;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.IndexBatch;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Pins in the index: the bytes of the Cid, then the mode in one byte and the name in UTF-8. Thread-safe. A garbage
 * collection that runs learns of a pin before its future completes.
 */
final class IndexPins implements PinStore {
    private static final byte[] COUNTS_KEY = "pins".getBytes(StandardCharsets.UTF_8);
    private static final int SCAN_STEP = 1024;
    private static final int MODES = 2;

    private final Catalog catalog;
    private final Index index;
    private final Executor executor;

    IndexPins(Catalog catalog, Index index, Executor executor) {
        this.catalog = catalog;
        this.index = index;
        this.executor = executor;
    }

    /** The byte on disk, and where the mode is counted. */
    private static int code(PinMode mode) {
        return mode == PinMode.RECURSIVE ? 0 : 1;
    }

    static Pin decode(Index.Entry entry) {
        byte[] value = entry.value();
        if (value.length == 0 || value[0] < 0 || value[0] >= MODES) {
            throw new BlockstoreException("index: the pin of " + Cid.decode(entry.key()) + " has no known mode");
        }
        String name = new String(value, 1, value.length - 1, StandardCharsets.UTF_8);
        return new Pin(
                Cid.decode(entry.key()),
                value[0] == code(PinMode.RECURSIVE) ? PinMode.RECURSIVE : PinMode.DIRECT,
                name);
    }

    private static byte[] encode(Pin pin) {
        byte[] name = pin.name().getBytes(StandardCharsets.UTF_8);
        byte[] value = new byte[name.length + 1];
        value[0] = (byte) code(pin.mode());
        System.arraycopy(name, 0, value, 1, name.length);
        return value;
    }

    private @Nullable Pin find(Cid cid) {
        byte[] key = cid.bytes();
        byte[] value = index.get(Table.PINS, key);
        return value == null ? null : decode(new Index.Entry(key, value));
    }

    @Override
    public CompletableFuture<Void> put(Pin pin) {
        return Futures.supply(executor, () -> {
            store(pin, null);
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> update(Cid from, Pin to, boolean unpinFrom) {
        return Futures.supply(executor, () -> {
            store(to, new Move(from, unpinFrom));
            return null;
        });
    }

    private record Move(Cid from, boolean unpin) {}

    private void store(Pin pin, @Nullable Move move) {
        synchronized (catalog) {
            catalog.pinBegins(pin);
        }
        try {
            synchronized (this) {
                if (move != null) {
                    PinRules.checkUpdate(move.from(), find(move.from()));
                }
                Pin before = find(pin.cid());
                PinRules.checkPut(pin, before);
                long[] counts = counts();
                IndexBatch batch = new IndexBatch();
                if (move != null && move.unpin() && !move.from().equals(pin.cid())) {
                    counts[code(PinMode.RECURSIVE)]--;
                    batch.delete(Table.PINS, move.from().bytes());
                }
                if (before != null) {
                    counts[code(before.mode())]--;
                }
                counts[code(pin.mode())]++;
                batch.put(Table.PINS, pin.cid().bytes(), encode(pin));
                write(batch, counts);
            }
        } finally {
            synchronized (catalog) {
                catalog.pinEnds(pin);
            }
        }
    }

    private void write(IndexBatch batch, long[] counts) {
        batch.put(Table.META, COUNTS_KEY, SegmentState.Numbers.encode(counts));
        index.write(batch, true);
    }

    private long[] counts() {
        byte[] value = index.get(Table.META, COUNTS_KEY);
        return value == null ? new long[MODES] : SegmentState.Numbers.decode(value, MODES);
    }

    @Override
    public CompletableFuture<Boolean> remove(Cid cid) {
        return Futures.supply(executor, () -> {
            synchronized (this) {
                Pin before = find(cid);
                if (before == null) {
                    return false;
                }
                long[] counts = counts();
                counts[code(before.mode())]--;
                IndexBatch batch = new IndexBatch();
                batch.delete(Table.PINS, cid.bytes());
                write(batch, counts);
                return true;
            }
        });
    }

    @Override
    public CompletableFuture<Optional<Pin>> get(Cid cid) {
        return Futures.supply(executor, () -> Optional.ofNullable(find(cid)));
    }

    @Override
    public Cursor<Pin> list() {
        return new ScanCursor<>(
                executor,
                (after, limit) -> index.scan(Table.PINS, after, false, limit),
                Index.Entry::key,
                IndexPins::decode);
    }

    @Override
    public CompletableFuture<Long> count(PinMode mode) {
        return Futures.supply(executor, () -> counts()[code(mode)]);
    }

    @Override
    public CompletableFuture<List<Pin>> all() {
        return Futures.supply(executor, () -> {
            List<Pin> all = new ArrayList<>();
            byte[] after = new byte[0];
            for (List<Index.Entry> next = index.scan(Table.PINS, after, false, SCAN_STEP);
                    !next.isEmpty();
                    next = index.scan(Table.PINS, after, false, SCAN_STEP)) {
                next.forEach(entry -> all.add(decode(entry)));
                after = next.get(next.size() - 1).key();
            }
            return List.copyOf(all);
        });
    }
}

package io.kafila.blockstore.internal;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.blockstore.PinStore;
import io.kafila.multiformats.Cid;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pins on the heap. Thread-safe. */
public final class MemoryPinStore implements PinStore {
    private final Executor executor;
    private final Object lock;
    private final Consumer<Pin> pinned;
    private final NavigableMap<byte[], Pin> pins = new TreeMap<>(Keys.ORDER);

    /**
     * @param lock guards this store together with what {@code pinned} touches
     * @param pinned told of each pin, under the lock, before its future completes
     */
    public MemoryPinStore(Executor executor, Object lock, Consumer<Pin> pinned) {
        this.executor = executor;
        this.lock = lock;
        this.pinned = pinned;
    }

    @Override
    public CompletableFuture<Void> put(Pin pin) {
        return locked(() -> {
            PinRules.checkPut(pin, find(pin.cid()));
            store(pin);
            return null;
        });
    }

    @Override
    public CompletableFuture<Boolean> remove(Cid cid) {
        return locked(() -> pins.remove(cid.bytes()) != null);
    }

    @Override
    public CompletableFuture<Void> update(Cid from, Pin to, boolean unpinFrom) {
        return locked(() -> {
            PinRules.checkUpdate(from, find(from));
            PinRules.checkPut(to, find(to.cid()));
            if (unpinFrom) {
                pins.remove(from.bytes());
            }
            store(to);
            return null;
        });
    }

    @Override
    public CompletableFuture<Optional<Pin>> get(Cid cid) {
        return locked(() -> Optional.ofNullable(find(cid)));
    }

    @Override
    public Cursor<Pin> list() {
        return new ScanCursor<>(executor, this::scan, pin -> pin.cid().bytes(), pin -> pin);
    }

    @Override
    public CompletableFuture<Long> count(PinMode mode) {
        return locked(
                () -> pins.values().stream().filter(pin -> pin.mode() == mode).count());
    }

    @Override
    public CompletableFuture<List<Pin>> all() {
        return locked(() -> List.copyOf(pins.values()));
    }

    /** Every pin, under the lock. */
    public void forEach(Consumer<Pin> consumer) {
        synchronized (lock) {
            pins.values().forEach(consumer);
        }
    }

    private List<Pin> scan(byte[] after, int limit) {
        synchronized (lock) {
            return pins.tailMap(after, false).values().stream().limit(limit).toList();
        }
    }

    private @Nullable Pin find(Cid cid) {
        return pins.get(cid.bytes());
    }

    private void store(Pin pin) {
        pins.put(pin.cid().bytes(), pin);
        pinned.accept(pin);
    }

    private <T extends @Nullable Object> CompletableFuture<T> locked(Supplier<T> work) {
        return Futures.supply(executor, () -> {
            synchronized (lock) {
                return work.get();
            }
        });
    }
}

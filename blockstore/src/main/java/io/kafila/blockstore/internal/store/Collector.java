package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockRepository.GcReport;
import io.kafila.blockstore.LinkExtractor;
import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.Marker;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One run of garbage collection: mark, sweep, compact. Confined to its loop.
 *
 * <p>A block goes only if it was put before the run began, no pin reaches it and no lease has touched it. The last word
 * is the committer's, at the moment from which nobody finds the block any more: it keeps what a lease touched until
 * then, and sends everything back while there is a pin that is not marked yet. So a pin that is put under a lease,
 * after its graph was found block by block, is honoured whenever it comes.
 */
final class Collector {
    private static final int MARK_STEP = 256;
    private static final int SCAN_STEP = 512;

    private final Catalog catalog;
    private final Index index;
    private final Committer committer;
    private final Compactor compactor;
    private final Consumer<Cid> removed;
    private final Marker marker;

    private boolean listed;
    private byte[] pinsAfter = new byte[0];
    private byte[] keysAfter = new byte[0];
    private List<byte[]> askAgain = List.of();
    private long start;
    private long removedBlocks;
    private long removedBytes;
    private long keptBlocks;

    Collector(
            Catalog catalog,
            Index index,
            Reader reader,
            Committer committer,
            Compactor compactor,
            LinkExtractor links,
            Consumer<Cid> removed) {
        this.catalog = catalog;
        this.index = index;
        this.committer = committer;
        this.compactor = compactor;
        this.removed = removed;
        this.marker = new Marker(links, cid -> Keys.inlined(cid) ? reader.read(cid) : reader.load(cid));
    }

    CompletableFuture<GcReport> run(Loop loop, Runnable check) {
        synchronized (catalog) {
            catalog.beginCollection();
            start = catalog.nextBirth;
        }
        return loop.run(check, this::collectStep)
                .whenComplete((done, error) -> {
                    synchronized (catalog) {
                        catalog.endCollection();
                    }
                })
                .thenCompose(swept -> loop.run(check, compactor::step))
                .thenApply(done -> new GcReport(removedBlocks, removedBytes, keptBlocks, compactor.freedBytes()));
    }

    private CompletableFuture<Boolean> collectStep() {
        if (!listed) {
            listPins();
            return CompletableFuture.completedFuture(true);
        }
        synchronized (catalog) {
            catalog.takeUnmarkedPins().forEach(marker::add);
        }
        if (marker.step(MARK_STEP)) {
            return CompletableFuture.completedFuture(true);
        }
        return sweep();
    }

    private void listPins() {
        List<Index.Entry> pins = index.scan(Table.PINS, pinsAfter, false, SCAN_STEP);
        for (Index.Entry entry : pins) {
            marker.add(IndexPins.decode(entry));
            pinsAfter = entry.key();
        }
        listed = pins.isEmpty();
    }

    private CompletableFuture<Boolean> sweep() {
        List<byte[]> candidates = new ArrayList<>();
        if (askAgain.isEmpty()) {
            List<Index.Entry> entries = index.scan(Table.BLOCKS, keysAfter, false, SCAN_STEP);
            if (entries.isEmpty()) {
                return CompletableFuture.completedFuture(false);
            }
            for (Index.Entry entry : entries) {
                keysAfter = entry.key();
                if (Location.decode(entry.value()).birth() >= start || marker.marked(entry.key())) {
                    keptBlocks++;
                } else {
                    candidates.add(entry.key());
                }
            }
        } else {
            for (byte[] key : askAgain) {
                if (marker.marked(key)) {
                    keptBlocks++;
                } else {
                    candidates.add(key);
                }
            }
            askAgain = List.of();
        }
        List<Op.Remove> removals = new ArrayList<>(candidates.size());
        for (byte[] key : candidates) {
            removals.add(Op.Remove.collected(key, location -> location.birth() >= start));
        }
        return committer.submit(List.copyOf(removals)).thenApply(done -> {
            removals.forEach(this::count);
            return true;
        });
    }

    private void count(Op.Remove removal) {
        switch (removal.outcome()) {
            case REMOVED:
                removedBlocks++;
                removedBytes += removal.sizeBytes();
                removed.accept(Keys.rawCid(removal.key()));
                break;
            case KEPT:
                keptBlocks++;
                break;
            case ASK_AGAIN:
                List<byte[]> again = new ArrayList<>(askAgain);
                again.add(removal.key());
                askAgain = again;
                break;
            case ABSENT:
                break;
        }
    }
}

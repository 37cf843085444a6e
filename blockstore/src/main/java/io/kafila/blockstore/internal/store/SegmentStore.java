package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.DirectReads;
import io.kafila.blockstore.LinkExtractor;
import io.kafila.blockstore.PinStore;
import io.kafila.blockstore.RepositoryCounters;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.WriteBuffer;
import io.kafila.blockstore.internal.Futures;
import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.ScanCursor;
import io.kafila.blockstore.internal.disk.BufferPool;
import io.kafila.blockstore.internal.disk.Disk;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.reference.ReferencedFile;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.multiformats.Cid;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A repository of segment files and an index. Thread-safe. */
public final class SegmentStore implements BlockRepository {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentStore.class);
    private static final String LOCK_FILE = "repo.lock";

    /**
     * What the store works on. They may be one and the same: no task waits for another.
     *
     * @param readers reads and completions
     * @param writer the two steps of the committer
     * @param maintenance garbage collection, verification, repair
     */
    public record Executors(Executor readers, Executor writer, Executor maintenance) {}

    private final Catalog catalog = new Catalog();
    private final Counters counters = new Counters();
    private final ReentrantReadWriteLock exclusion = new ReentrantReadWriteLock();
    private final AtomicReference<@Nullable CompletableFuture<GcReport>> collection = new AtomicReference<>();
    private final RepositoryOptions options;
    private final Executors executors;
    private final Runnable stopExecutors;
    private final Index index;
    private final Shelf shelf;
    private final Closeable lock;
    private final BufferPool pool;
    /** What is on its way to a segment, apart from what is read, so that neither takes the other's memory. */
    private final BufferPool written;

    private final Reader reader;
    private final DirectReads directReads;
    private final Committer committer;
    private final Quarantine quarantine;
    private final PinStore pins;
    private final Loop loop;
    private volatile boolean closed;
    /** Whether a repair was cut short, so that the index says less than the segments hold. */
    private volatile boolean damaged;

    private SegmentStore(
            Disk disk,
            Closeable lock,
            Index index,
            RepositoryOptions options,
            Executors executors,
            Runnable stopExecutors,
            Random random)
            throws IOException {
        this.options = options;
        this.executors = executors;
        this.stopExecutors = stopExecutors;
        this.index = index;
        this.lock = lock;
        this.shelf = new Shelf(disk, executors.maintenance(), random);
        Catalog.Entry unfinished = recovery().open();
        this.pool = new BufferPool(options.bufferBytes());
        this.written = new BufferPool(options.bufferBytes());
        this.reader = new Reader(catalog, index, pool, options, counters);
        this.directReads = new DirectReader(
                catalog, reader, pool, options, counters, executors.readers(), exclusion.readLock(), this::checkOpen);
        this.quarantine = new Quarantine(disk);
        this.committer = new Committer(
                catalog,
                shelf,
                index,
                options,
                counters,
                executors.writer(),
                executors.readers(),
                exclusion.readLock());
        this.committer.resume(unfinished);
        this.pins = new IndexPins(catalog, index, executors.readers());
        this.loop = new Loop(executors.maintenance(), exclusion.readLock());
    }

    /** Opens the index of a repository, once the lock is held. */
    @FunctionalInterface
    public interface IndexOpener {
        Index open();
    }

    /**
     * Opens or creates a repository.
     *
     * @param stopExecutors ends the executors after what was queued on them has run; called by {@link #close}
     * @param random where the nonces of segments come from
     */
    public static SegmentStore open(
            Disk disk,
            IndexOpener opener,
            RepositoryOptions options,
            Executors executors,
            Runnable stopExecutors,
            Random random) {
        Closeable lock = null;
        Index index = null;
        SegmentStore store = null;
        try {
            lock = disk.lock(LOCK_FILE);
            index = opener.open();
            store = new SegmentStore(disk, lock, index, options, executors, stopExecutors, random);
            return store;
        } catch (IOException e) {
            throw new BlockstoreException("cannot open the repository " + disk.describe("") + ": " + e.getMessage(), e);
        } finally {
            if (store == null) {
                stopExecutors.run();
                if (index != null) {
                    index.close();
                }
                close(lock);
            }
        }
    }

    private static void close(@Nullable Closeable resource) {
        if (resource != null) {
            try {
                resource.close();
            } catch (IOException e) {
                LOG.warn("repository: cannot close {}: {}", resource, e.toString());
            }
        }
    }

    private Recovery recovery() {
        return new Recovery(catalog, index, shelf, options.inlineBytes(), counters);
    }

    private void checkOpen() {
        if (closed) {
            throw new BlockstoreException("block store is closed");
        }
        if (damaged) {
            throw new BlockstoreException(Committer.HALTED);
        }
    }

    /** Work that a repair keeps out. */
    private <T extends @Nullable Object> Supplier<T> shared(Supplier<T> work) {
        return () -> {
            exclusion.readLock().lock();
            try {
                checkOpen();
                return work.get();
            } finally {
                exclusion.readLock().unlock();
            }
        };
    }

    @Override
    public CompletableFuture<Boolean> has(Cid cid) {
        return size(cid).thenApply(OptionalInt::isPresent);
    }

    @Override
    public CompletableFuture<OptionalInt> size(Cid cid) {
        return Futures.supply(executors.readers(), shared(() -> {
            if (Keys.inlined(cid)) {
                return OptionalInt.of(cid.multihash().length());
            }
            Location location = reader.find(cid.multihash().bytes());
            return location == null ? OptionalInt.empty() : OptionalInt.of(location.sizeBytes());
        }));
    }

    @Override
    public CompletableFuture<Optional<Block>> get(Cid cid) {
        return Futures.supplyBlock(executors.readers(), shared(() -> reader.read(cid)));
    }

    @Override
    public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
        List<Cid> wanted = List.copyOf(cids);
        return Futures.supplyBlocks(executors.readers(), shared(() -> {
            List<Optional<Block>> blocks = new ArrayList<>(wanted.size());
            try {
                for (Cid cid : wanted) {
                    blocks.add(reader.read(cid));
                }
            } catch (RuntimeException e) {
                Futures.closeAll(blocks);
                throw e;
            }
            return blocks;
        }));
    }

    @Override
    public CompletableFuture<Void> putAll(List<Block> blocks) {
        List<Op> ops = new ArrayList<>(blocks.size());
        synchronized (catalog) {
            for (Block block : blocks) {
                if (!Keys.inlined(block.cid())) {
                    byte[] key = block.cid().multihash().bytes();
                    catalog.leases.touch(key);
                    ops.add(new Op.Put(key, block.payload().retain()));
                }
            }
        }
        return submit(ops);
    }

    @Override
    public @Nullable WriteBuffer writeBuffer(int sizeBytes) {
        if (sizeBytes < GroupWriter.LEAST_PIECE_BYTES || sizeBytes % DiskFile.PAGE_BYTES != 0) {
            return null;
        }
        BufferPool.Lease lease = written.leaseDirect(sizeBytes);
        return lease == null ? null : new LeasedWriteBuffer(lease);
    }

    /** A change of nothing completes on the store's pool too. */
    private CompletableFuture<Void> submit(List<Op> ops) {
        if (ops.isEmpty()) {
            return Futures.supply(executors.readers(), shared(() -> null));
        }
        return committer.submit(ops);
    }

    @Override
    public CompletableFuture<Void> deleteAll(Collection<Cid> cids) {
        List<Op> ops = new ArrayList<>(cids.size());
        for (Cid cid : cids) {
            if (!Keys.inlined(cid)) {
                ops.add(Op.Remove.wished(cid.multihash().bytes()));
            }
        }
        return submit(ops);
    }

    @Override
    public Cursor<Cid> keys() {
        return new ScanCursor<>(
                executors.readers(),
                (after, limit) -> shared(() -> index.scan(Table.BLOCKS, after, false, limit))
                        .get(),
                Index.Entry::key,
                entry -> Keys.rawCid(entry.key()));
    }

    @Override
    public PinStore pins() {
        return pins;
    }

    @Override
    public Lease lease() {
        return catalog.leases.open();
    }

    @Override
    public CompletableFuture<Void> putReferences(List<FileReference> references) {
        List<FileReference> added = List.copyOf(references);
        return Futures.supply(executors.readers(), () -> {
                    checkOpen();
                    List<Op> ops = new ArrayList<>(added.size());
                    for (FileReference each : added) {
                        if (!Keys.inlined(each.cid())) {
                            ops.add(new Op.Reference(each.cid().multihash().bytes(), ReferencedFile.stat(each)));
                        }
                    }
                    synchronized (catalog) {
                        ops.forEach(op -> catalog.leases.touch(((Op.Reference) op).key()));
                    }
                    return ops;
                })
                .thenCompose(this::submit);
    }

    @Override
    public Cursor<FileReference> references() {
        return new ScanCursor<>(
                executors.readers(),
                (after, limit) -> shared(() -> index.scan(Table.REFERENCES, after, false, limit))
                        .get(),
                Index.Entry::key,
                entry -> References.decode(entry.value()).reference());
    }

    @Override
    public Records records(String namespace) {
        return new IndexRecords(index, namespace);
    }

    @Override
    public CompletableFuture<GcReport> collectGarbage(LinkExtractor links, Consumer<Cid> removed) {
        CompletableFuture<GcReport> mine = new CompletableFuture<>();
        CompletableFuture<GcReport> running = collection.compareAndExchange(null, mine);
        if (running != null) {
            return running.copy();
        }
        Compactor compactor = new Compactor(
                catalog, index, shelf, committer, pool, quarantine, options, counters, executors.maintenance());
        new Collector(catalog, index, reader, committer, compactor, links, removed)
                .run(loop, this::checkOpen)
                .whenComplete((report, error) -> {
                    collection.set(null);
                    finish(mine, report, error);
                });
        return mine.copy();
    }

    private static <T> void finish(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable error) {
        if (error == null && value != null) {
            future.complete(value);
        } else {
            future.completeExceptionally(
                    error == null ? new IllegalStateException("no result and no error") : Futures.unwrap(error));
        }
    }

    @Override
    public CompletableFuture<VerifyReport> verify(Consumer<VerifyResult> progress) {
        CompletableFuture<VerifyReport> result = new CompletableFuture<>();
        new Verifier(index, reader, committer, quarantine, counters, progress)
                .run(loop, this::checkOpen)
                .whenComplete((report, error) -> finish(result, report, error));
        return result;
    }

    @Override
    public CompletableFuture<RepairReport> repair() {
        return Futures.supply(executors.maintenance(), () -> {
            exclusion.writeLock().lock();
            try {
                if (!damaged) {
                    checkOpen();
                    committer.settle();
                }
                damaged = true;
                committer.halt();
                index.reopen();
                RepairReport report = recovery().repair();
                committer.resume(null);
                damaged = false;
                return report;
            } catch (IOException e) {
                throw new BlockstoreException("repair: " + e.getMessage(), e);
            } finally {
                exclusion.writeLock().unlock();
            }
        });
    }

    @Override
    public CompletableFuture<Stat> stat() {
        return Futures.supply(executors.readers(), shared(() -> {
            long indexBytes = index.sizeBytes();
            synchronized (catalog) {
                return new Stat(
                        catalog.totals.blocks(),
                        catalog.totals.liveBytes(),
                        catalog.segmentBytes() + indexBytes,
                        options.maxBytes());
            }
        }));
    }

    @Override
    public DirectReads directReads() {
        return directReads;
    }

    @Override
    public RepositoryCounters counters() {
        return new RepositoryCounters(
                counters.reads.sum(),
                counters.readBytes.sum(),
                counters.writes.sum(),
                counters.writtenBytes.sum(),
                counters.duplicates.sum(),
                counters.deletes.sum(),
                counters.groups.sum(),
                counters.forces.sum(),
                counters.corruptBlocks.sum(),
                counters.compactedBytes.sum(),
                counters.freedBytes.sum(),
                counters.tornBytes.sum(),
                counters.writeFailures.sum(),
                pool.allocatedBytes() + written.allocatedBytes(),
                pool.misses());
    }

    /** How many reads, and payloads on their way to a segment, hold memory of the pools. */
    public long buffersOut() {
        return pool.outstanding() + written.outstanding();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        committer.close();
        stopExecutors.run();
        List<Catalog.Entry> entries;
        synchronized (catalog) {
            entries = List.copyOf(catalog.segments.values());
        }
        entries.forEach(entry -> entry.segment.release());
        committer.dispose();
        pool.close();
        written.close();
        index.close();
        close(lock);
    }
}

package io.kafila.blockstore;

import io.kafila.blockstore.internal.Futures;
import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.Leases;
import io.kafila.blockstore.internal.Marker;
import io.kafila.blockstore.internal.MemoryPinStore;
import io.kafila.blockstore.internal.MemoryRecords;
import io.kafila.blockstore.internal.ScanCursor;
import io.kafila.blockstore.internal.StorePool;
import io.kafila.blockstore.internal.reference.ReferencedFile;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A repository on the heap: everything that a {@link BlockRepository} does, forgotten when it is closed. Puts copy.
 * Thread-safe.
 */
public final class MemoryBlockRepository implements BlockRepository {
    private static final int QUEUED_TASKS = 1 << 20;
    private static final int MARK_STEP = 256;
    private static final int SWEEP_STEP = 256;

    /** Either bytes or a reference. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(byte @Nullable [] bytes, @Nullable ReferencedFile file, long birth) {
        int sizeBytes() {
            if (bytes != null) {
                return bytes.length;
            }
            return file == null ? 0 : file.reference().sizeBytes();
        }
    }

    private final Object lock = new Object();
    private final NavigableMap<byte[], Entry> entries = new TreeMap<>(Keys.ORDER);
    private final Leases leases = new Leases(lock);
    private final List<Pin> pinnedDuringCollection = new ArrayList<>();
    private final Map<String, Records> records = new ConcurrentHashMap<>();
    private final MemoryPinStore pins;
    private final Executor executor;
    private final @Nullable ExecutorService owned;
    private final long maxBytes;

    private @Nullable CompletableFuture<GcReport> collection;
    private long births;
    private long liveBytes;
    private long reads;
    private long readBytes;
    private long writes;
    private long writtenBytes;
    private long duplicates;
    private long deletes;
    private long corruptBlocks;
    private boolean closed;

    /** A repository with a thread of its own and no maximum. */
    public MemoryBlockRepository() {
        this(StorePool.create("kafila-memory", 1, QUEUED_TASKS), true, Long.MAX_VALUE);
    }

    /** A repository that works and completes its futures on {@code executor}, which the caller closes afterwards. */
    public MemoryBlockRepository(Executor executor) {
        this(executor, Long.MAX_VALUE);
    }

    /** @param maxBytes the most that the blocks may take together, in bytes */
    public MemoryBlockRepository(Executor executor, long maxBytes) {
        this(executor, false, maxBytes);
    }

    private MemoryBlockRepository(Executor executor, boolean own, long maxBytes) {
        this.executor = executor;
        this.owned = own ? (ExecutorService) executor : null;
        this.maxBytes = maxBytes;
        this.pins = new MemoryPinStore(executor, lock, pin -> {
            if (collection != null) {
                pinnedDuringCollection.add(pin);
            }
        });
    }

    @Override
    public CompletableFuture<Boolean> has(Cid cid) {
        return size(cid).thenApply(OptionalInt::isPresent);
    }

    @Override
    public CompletableFuture<OptionalInt> size(Cid cid) {
        return Futures.supply(executor, () -> {
            if (Keys.inlined(cid)) {
                return OptionalInt.of(cid.multihash().length());
            }
            Entry entry = find(cid);
            return entry == null ? OptionalInt.empty() : OptionalInt.of(entry.sizeBytes());
        });
    }

    @Override
    public CompletableFuture<Optional<Block>> get(Cid cid) {
        return Futures.supplyBlock(executor, () -> read(cid));
    }

    @Override
    public CompletableFuture<List<Optional<Block>>> getAll(List<Cid> cids) {
        List<Cid> wanted = List.copyOf(cids);
        return Futures.supplyBlocks(executor, () -> {
            List<Optional<Block>> blocks = new ArrayList<>(wanted.size());
            try {
                for (Cid cid : wanted) {
                    blocks.add(read(cid));
                }
            } catch (RuntimeException e) {
                Futures.closeAll(blocks);
                throw e;
            }
            return blocks;
        });
    }

    private @Nullable Entry find(Cid cid) {
        byte[] key = cid.multihash().bytes();
        synchronized (lock) {
            checkOpen();
            leases.touch(key);
            return entries.get(key);
        }
    }

    private Optional<Block> read(Cid cid) {
        if (Keys.inlined(cid)) {
            return Optional.of(new Block(cid, Payload.of(cid.multihash().digest())));
        }
        Entry entry = find(cid);
        if (entry == null) {
            return Optional.empty();
        }
        ByteBuffer bytes = content(cid, entry);
        synchronized (lock) {
            reads++;
            readBytes += bytes.remaining();
        }
        return Optional.of(new Block(cid, Payload.of(bytes)));
    }

    private static ByteBuffer content(Cid cid, Entry entry) {
        if (entry.bytes() != null) {
            return ByteBuffer.wrap(entry.bytes());
        }
        ByteBuffer bytes = ByteBuffer.allocate(entry.sizeBytes());
        if (entry.file() != null) {
            entry.file().read(cid, bytes);
        }
        return bytes.flip();
    }

    @Override
    public CompletableFuture<Void> putAll(List<Block> blocks) {
        List<Block> added = blocks.stream().map(Block::retain).toList();
        CompletableFuture<Void> future = Futures.supply(executor, () -> {
            store(added);
            return null;
        });
        future.whenComplete((done, error) -> added.forEach(Block::close));
        return future;
    }

    private void store(List<Block> added) {
        NavigableMap<byte[], byte[]> fresh = new TreeMap<>(Keys.ORDER);
        synchronized (lock) {
            checkOpen();
            long more = 0;
            for (Block block : added) {
                byte[] key = block.cid().multihash().bytes();
                Entry before = entries.get(key);
                if (Keys.inlined(block.cid())) {
                    continue;
                }
                leases.touch(key);
                if ((before != null && before.bytes() != null) || fresh.containsKey(key)) {
                    duplicates++;
                } else {
                    fresh.put(key, block.payload().toByteArray());
                    more += block.sizeBytes() - (before == null ? 0 : before.sizeBytes());
                }
            }
            if (more > maxBytes - liveBytes) {
                throw new StorageFullException("cannot store " + more + " bytes: " + liveBytes + " of at most "
                        + maxBytes + " bytes are in use");
            }
            liveBytes += more;
            fresh.forEach((key, bytes) -> {
                entries.put(key, new Entry(bytes, null, ++births));
                writes++;
                writtenBytes += bytes.length;
            });
        }
    }

    @Override
    public CompletableFuture<Void> deleteAll(Collection<Cid> cids) {
        List<Cid> removed = List.copyOf(cids);
        return Futures.supply(executor, () -> {
            synchronized (lock) {
                checkOpen();
                removed.forEach(cid -> remove(cid.multihash().bytes()));
            }
            return null;
        });
    }

    private int remove(byte[] key) {
        Entry entry = entries.remove(key);
        if (entry == null) {
            return 0;
        }
        deletes++;
        liveBytes -= entry.sizeBytes();
        return entry.sizeBytes();
    }

    @Override
    public Cursor<Cid> keys() {
        return new ScanCursor<>(
                executor, (after, limit) -> scan(after, limit, false), Map.Entry::getKey, e -> Keys.rawCid(e.getKey()));
    }

    private List<Map.Entry<byte[], Entry>> scan(byte[] after, int limit, boolean referencesOnly) {
        synchronized (lock) {
            checkOpen();
            return entries.tailMap(after, false).entrySet().stream()
                    .filter(e -> !referencesOnly || e.getValue().file() != null)
                    .limit(limit)
                    .<Map.Entry<byte[], Entry>>map(e -> Map.entry(e.getKey(), e.getValue()))
                    .toList();
        }
    }

    @Override
    public PinStore pins() {
        return pins;
    }

    @Override
    public Lease lease() {
        return leases.open();
    }

    @Override
    public CompletableFuture<Void> putReferences(List<FileReference> references) {
        List<FileReference> added = List.copyOf(references);
        return Futures.supply(executor, () -> {
            List<ReferencedFile> files =
                    added.stream().map(ReferencedFile::stat).toList();
            synchronized (lock) {
                checkOpen();
                files.forEach(this::storeReference);
            }
            return null;
        });
    }

    private void storeReference(ReferencedFile file) {
        if (Keys.inlined(file.reference().cid())) {
            return;
        }
        byte[] key = file.reference().cid().multihash().bytes();
        leases.touch(key);
        Entry before = entries.get(key);
        if (before != null && before.bytes() != null) {
            duplicates++;
            return;
        }
        Entry entry = new Entry(null, file, ++births);
        liveBytes += entry.sizeBytes() - (before == null ? 0 : before.sizeBytes());
        entries.put(key, entry);
        writes++;
    }

    @Override
    public Cursor<FileReference> references() {
        return new ScanCursor<>(
                executor, (after, limit) -> scan(after, limit, true), Map.Entry::getKey, e -> reference(e.getValue()));
    }

    private static FileReference reference(Entry entry) {
        if (entry.file() == null) {
            throw new IllegalStateException("block store: an entry with bytes among the references");
        }
        return entry.file().reference();
    }

    @Override
    public Records records(String namespace) {
        return records.computeIfAbsent(namespace, name -> new MemoryRecords());
    }

    @Override
    public CompletableFuture<GcReport> collectGarbage(LinkExtractor links, Consumer<Cid> removed) {
        CompletableFuture<GcReport> mine = new CompletableFuture<>();
        long start;
        synchronized (lock) {
            if (collection != null) {
                return collection.copy();
            }
            collection = mine;
            pinnedDuringCollection.clear();
            start = births;
        }
        mine.whenComplete((report, error) -> {
            synchronized (lock) {
                collection = null;
            }
        });
        Futures.execute(executor, mine, () -> {
            GcReport report = collect(new Marker(links, this::read), start, removed);
            synchronized (lock) {
                collection = null;
            }
            mine.complete(report);
        });
        return mine.copy();
    }

    private GcReport collect(Marker marker, long start, Consumer<Cid> removed) {
        pins.forEach(marker::add);
        long removedBlocks = 0;
        long removedBytes = 0;
        long keptBlocks = 0;
        byte[] after = new byte[0];
        while (true) {
            List<byte[]> gone = new ArrayList<>();
            List<Map.Entry<byte[], Entry>> batch = scan(after, SWEEP_STEP, false);
            if (batch.isEmpty()) {
                return new GcReport(removedBlocks, removedBytes, keptBlocks, removedBytes);
            }
            boolean swept = false;
            while (!swept) {
                while (marker.step(MARK_STEP)) {
                    checkOpen();
                }
                synchronized (lock) {
                    swept = pinnedDuringCollection.isEmpty();
                    pinnedDuringCollection.forEach(marker::add);
                    pinnedDuringCollection.clear();
                    for (int i = 0; swept && i < batch.size(); i++) {
                        byte[] key = batch.get(i).getKey();
                        Entry entry = entries.get(key);
                        if (entry == null) {
                            continue;
                        }
                        if (entry.birth() > start || marker.marked(key) || leases.keeps(key)) {
                            keptBlocks++;
                        } else {
                            removedBytes += remove(key);
                            removedBlocks++;
                            gone.add(key);
                        }
                    }
                }
            }
            gone.forEach(key -> removed.accept(Keys.rawCid(key)));
            after = batch.get(batch.size() - 1).getKey();
        }
    }

    @Override
    public CompletableFuture<VerifyReport> verify(Consumer<VerifyResult> progress) {
        return Futures.supply(executor, () -> {
            long checked = 0;
            List<VerifyResult> corrupt = new ArrayList<>();
            byte[] after = new byte[0];
            for (List<Map.Entry<byte[], Entry>> batch = scan(after, SWEEP_STEP, false);
                    !batch.isEmpty();
                    batch = scan(after, SWEEP_STEP, false)) {
                for (Map.Entry<byte[], Entry> each : batch) {
                    VerifyResult result = check(each.getKey(), each.getValue());
                    checked++;
                    if (!result.error().isEmpty()) {
                        corrupt.add(result);
                    }
                    progress.accept(result);
                    after = each.getKey();
                }
            }
            return new VerifyReport(checked, List.copyOf(corrupt));
        });
    }

    private VerifyResult check(byte[] key, Entry entry) {
        Cid cid = Keys.rawCid(key);
        String error = "";
        try (Payload payload = Payload.of(content(cid, entry))) {
            if (!cid.multihash().verifies(payload)) {
                error = new CorruptBlockException(cid, "memory").getMessage();
                synchronized (lock) {
                    corruptBlocks++;
                    remove(key);
                }
            }
        } catch (BlockstoreException e) {
            error = String.valueOf(e.getMessage());
        }
        return new VerifyResult(cid, error == null ? "" : error);
    }

    /** Nothing to rebuild: answers what there is. */
    @Override
    public CompletableFuture<RepairReport> repair() {
        return Futures.supply(executor, () -> {
            synchronized (lock) {
                checkOpen();
                return new RepairReport(0, entries.size(), 0, List.of());
            }
        });
    }

    @Override
    public CompletableFuture<Stat> stat() {
        return Futures.supply(executor, () -> {
            synchronized (lock) {
                checkOpen();
                return new Stat(entries.size(), liveBytes, liveBytes, maxBytes);
            }
        });
    }

    @Override
    public RepositoryCounters counters() {
        synchronized (lock) {
            return new RepositoryCounters(
                    reads, readBytes, writes, writtenBytes, duplicates, deletes, 0, 0, corruptBlocks, 0, 0, 0, 0, 0, 0);
        }
    }

    private void checkOpen() {
        synchronized (lock) {
            if (closed) {
                throw new BlockstoreException("block store is closed");
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            entries.clear();
        }
        if (owned != null) {
            owned.shutdown();
        }
    }
}

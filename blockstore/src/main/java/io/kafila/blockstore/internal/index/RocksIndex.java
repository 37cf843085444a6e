package io.kafila.blockstore.internal.index;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.StorageFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/** The index in RocksDB, with its write-ahead log: one column family for each table. */
public final class RocksIndex implements Index {
    private static final double BLOOM_BITS_PER_KEY = 10;
    private static final int MAX_OPEN_FILES = 256;

    private final Path folder;
    private final long memoryBytes;
    private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
    /** What must be closed, last opened first. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final Map<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);
    private @Nullable RocksDB db;
    private boolean closed;
    /** Whether a write has failed, so that what the open tables show may not be what is on disk. */
    private volatile boolean unsettled;

    private RocksIndex(Path folder, long memoryBytes) {
        this.folder = folder;
        this.memoryBytes = memoryBytes;
    }

    /**
     * Opens or creates the index in a folder.
     *
     * @param memoryBytes the bound of block cache and memtables together
     */
    public static RocksIndex open(Path folder, long memoryBytes) {
        RocksDB.loadLibrary();
        RocksIndex index = new RocksIndex(folder, memoryBytes);
        index.openDb();
        return index;
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.addFirst(resource);
        return resource;
    }

    private void openDb() {
        try {
            Files.createDirectories(folder);
            LRUCache cache = keep(new LRUCache(memoryBytes));
            // Memtables are charged to the cache, so the two stay below the bound together.
            WriteBufferManager memtables = keep(new WriteBufferManager(memoryBytes / 2, cache));
            DBOptions options = keep(new DBOptions())
                    .setCreateIfMissing(true)
                    .setCreateMissingColumnFamilies(true)
                    .setWriteBufferManager(memtables)
                    .setMaxBackgroundJobs(2)
                    .setMaxOpenFiles(MAX_OPEN_FILES)
                    .setMaxTotalWalSize(memoryBytes)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setKeepLogFileNum(2)
                    .setStatsDumpPeriodSec(0);
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            descriptors.add(descriptor(new String(RocksDB.DEFAULT_COLUMN_FAMILY, StandardCharsets.UTF_8), cache));
            for (Table table : Table.values()) {
                descriptors.add(descriptor(table.family(), cache));
            }
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            db = keep(RocksDB.open(options, folder.toString(), descriptors, handles));
            handles.forEach(this::keep);
            Iterator<ColumnFamilyHandle> next = handles.iterator();
            next.next();
            for (Table table : Table.values()) {
                families.put(table, next.next());
            }
        } catch (RocksDBException e) {
            closeDb();
            throw failure("open", e);
        } catch (IOException e) {
            closeDb();
            throw new BlockstoreException("index " + folder + ": cannot create the folder: " + e, e);
        }
    }

    private ColumnFamilyDescriptor descriptor(String family, LRUCache cache) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(keep(new BloomFilter(BLOOM_BITS_PER_KEY)))
                .setFormatVersion(5);
        ColumnFamilyOptions options = keep(new ColumnFamilyOptions())
                .setTableFormatConfig(table)
                .setWriteBufferSize(memoryBytes / 4)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        return new ColumnFamilyDescriptor(family.getBytes(StandardCharsets.UTF_8), options);
    }

    private void closeDb() {
        families.clear();
        db = null;
        RuntimeException failure = null;
        for (AutoCloseable resource = opened.pollFirst(); resource != null; resource = opened.pollFirst()) {
            try {
                resource.close();
            } catch (Exception e) {
                failure = new BlockstoreException("index " + folder + ": cannot close: " + e, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private RocksDB db() {
        if (db == null) {
            throw new BlockstoreException("index " + folder + (closed ? " is closed" : " is not open after a failure"));
        }
        return db;
    }

    private ColumnFamilyHandle family(Table table) {
        ColumnFamilyHandle family = families.get(table);
        if (family == null) {
            throw new BlockstoreException("index " + folder + " is closed");
        }
        return family;
    }

    /** Takes the read lock on tables that show what is on disk. */
    private void lockSettled() {
        lifecycle.readLock().lock();
        while (unsettled) {
            lifecycle.readLock().unlock();
            settle();
            lifecycle.readLock().lock();
        }
    }

    private void settle() {
        lifecycle.writeLock().lock();
        try {
            if (unsettled) {
                reopen();
            }
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        lockSettled();
        try {
            return db().get(family(table), key);
        } catch (RocksDBException e) {
            throw failure("read", e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    @Override
    public List<Entry> scan(Table table, byte[] from, boolean inclusive, int limit) {
        lockSettled();
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                RocksIterator iterator = db().newIterator(family(table), options)) {
            List<Entry> found = new ArrayList<>();
            for (iterator.seek(from); iterator.isValid() && found.size() < limit; iterator.next()) {
                byte[] key = iterator.key();
                if (inclusive || !Arrays.equals(key, from)) {
                    found.add(new Entry(key, iterator.value()));
                }
            }
            iterator.status();
            return found;
        } catch (RocksDBException e) {
            throw failure("scan", e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    @Override
    public void write(IndexBatch batch, boolean sync) {
        lockSettled();
        try (WriteBatch writes = new WriteBatch();
                WriteOptions options = new WriteOptions().setSync(sync)) {
            RocksDB target = db();
            for (IndexBatch.Change change : batch.changes()) {
                byte[] value = change.value();
                if (value == null) {
                    writes.delete(family(change.table()), change.key());
                } else {
                    writes.put(family(change.table()), change.key(), value);
                }
            }
            target.write(options, writes);
        } catch (RocksDBException e) {
            unsettled = true;
            throw failure("write", e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    @Override
    public void reopen() {
        lifecycle.writeLock().lock();
        try {
            if (closed) {
                throw new BlockstoreException("index " + folder + " is closed");
            }
            unsettled = true;
            closeDb();
            openDb();
            unsettled = false;
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    @Override
    public long sizeBytes() {
        long size = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                size += sizeOf(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new BlockstoreException("index " + folder + ": cannot measure: " + e, e);
        }
        return size;
    }

    /** RocksDB deletes files whenever it likes; one that is gone counts nothing. */
    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private BlockstoreException failure(String action, RocksDBException e) {
        String message = "index " + folder + ": cannot " + action + ": " + e.getMessage();
        Status status = e.getStatus();
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            StorageFullException full = new StorageFullException(message);
            full.initCause(e);
            return full;
        }
        return new BlockstoreException(message, e);
    }

    @Override
    public void close() {
        lifecycle.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                closeDb();
            }
        } finally {
            lifecycle.writeLock().unlock();
        }
    }
}

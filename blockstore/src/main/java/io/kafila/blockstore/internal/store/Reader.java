package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.CorruptBlockException;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.disk.BufferPool;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds and reads blocks. Thread-safe; every method may wait for the disk. */
final class Reader {
    /** Below this a copy is cheaper than keeping a segment mapped. */
    private static final int LEAST_MAPPED_BYTES = 16 * 1024;

    /** Each further try means that the block was moved meanwhile. */
    private static final int MAX_TRIES = 100;

    private final Catalog catalog;
    private final Index index;
    private final BufferPool pool;
    private final RepositoryOptions options;
    private final Counters counters;

    Reader(Catalog catalog, Index index, BufferPool pool, RepositoryOptions options, Counters counters) {
        this.catalog = catalog;
        this.index = index;
        this.pool = pool;
        this.options = options;
        this.counters = counters;
    }

    /** Where the block is, for somebody who asked for it: open leases keep it from now on. */
    @Nullable
    Location find(byte[] key) {
        synchronized (catalog) {
            catalog.leases.touch(key);
            if (hidden(key)) {
                return null;
            }
        }
        return indexed(key);
    }

    /** Where the block is, for the store itself. */
    @Nullable
    Location look(byte[] key) {
        synchronized (catalog) {
            if (hidden(key)) {
                return null;
            }
        }
        return indexed(key);
    }

    private boolean hidden(byte[] key) {
        Catalog.Pending pending = catalog.pending(key);
        return pending != null && pending.hidden();
    }

    private @Nullable Location indexed(byte[] key) {
        byte[] value = index.get(Table.BLOCKS, key);
        return value == null ? null : Location.decode(value);
    }

    /** The block for somebody who asked for it, verified if the options say so. */
    Optional<Block> read(Cid cid) {
        if (Keys.inlined(cid)) {
            return Optional.of(new Block(cid, Payload.of(cid.multihash().digest())));
        }
        byte[] key = cid.multihash().bytes();
        synchronized (catalog) {
            catalog.leases.touch(key);
        }
        Optional<Block> block = load(cid);
        block.ifPresent(found -> {
            counters.reads.increment();
            counters.readBytes.add(found.sizeBytes());
        });
        return block;
    }

    /** The block for the store itself, verified if the options say so. */
    Optional<Block> load(Cid cid) {
        byte[] key = cid.multihash().bytes();
        for (int i = 0; i < MAX_TRIES; i++) {
            Location location = look(key);
            if (location == null) {
                return Optional.empty();
            }
            Payload payload = payload(cid, key, location);
            if (payload != null) {
                return Optional.of(checked(new Block(cid, payload), location));
            }
        }
        throw new BlockstoreException("block " + cid + " moved " + MAX_TRIES + " times while it was read");
    }

    private Block checked(Block block, Location location) {
        if (options.verifyOnRead() && !location.isReference() && !block.verified()) {
            block.close();
            counters.corruptBlocks.increment();
            throw new CorruptBlockException(block.cid(), place(location));
        }
        return block;
    }

    /** The bytes at a place, {@code null} where the block is no longer there. The caller closes them. */
    @Nullable
    Payload payload(Cid cid, byte[] key, Location location) {
        if (location.isReference()) {
            return referenced(cid, key, location);
        }
        if (location.inline() != null) {
            return Payload.of(location.inline());
        }
        Segment segment;
        SegmentState state;
        synchronized (catalog) {
            Catalog.Entry entry = catalog.segment(location.segment());
            if (entry == null) {
                return missing(cid, key, location);
            }
            segment = entry.segment;
            state = entry.state;
        }
        if (!segment.acquire()) {
            return null;
        }
        boolean kept = false;
        try {
            if (options.mappedReads() && state.sealed() && location.sizeBytes() >= LEAST_MAPPED_BYTES) {
                ByteBuffer mapped = segment.mapped(state.tail(), location.offset(), location.sizeBytes());
                if (mapped != null) {
                    kept = true;
                    return Payload.of(List.of(mapped), segment::release);
                }
            }
            if (location.sizeBytes() >= LEAST_MAPPED_BYTES && segment.cold(state.tail())) {
                return copyUncached(segment, location);
            }
            return copy(segment, location);
        } catch (IOException e) {
            throw new BlockstoreException(
                    "cannot read block " + cid + " in " + place(location) + ": " + e.getMessage(), e);
        } finally {
            if (!kept) {
                segment.release();
            }
        }
    }

    private Payload copy(Segment segment, Location location) throws IOException {
        BufferPool.Lease lease = pool.lease(location.sizeBytes());
        try {
            ByteBuffer buffer = lease.buffer();
            int read = segment.file().read(buffer, location.offset());
            if (read < location.sizeBytes()) {
                throw ends(read, location);
            }
            return lease.payload();
        } catch (IOException | RuntimeException e) {
            lease.release();
            throw e;
        }
    }

    /** As {@link #copy}, past the page cache, in whole pages. */
    private Payload copyUncached(Segment segment, Location location) throws IOException {
        long from = location.offset() & -DiskFile.PAGE_BYTES;
        int lead = (int) (location.offset() - from);
        long to = SegmentHeader.pageAligned(location.offset() + location.sizeBytes());
        BufferPool.Lease lease = pool.lease((int) (to - from));
        try {
            int read = segment.file().readUncached(lease.buffer(), from) - lead;
            if (read < location.sizeBytes()) {
                throw ends(read, location);
            }
            segment.readUncached(location.sizeBytes());
            return lease.payload(lead, location.sizeBytes());
        } catch (IOException | RuntimeException e) {
            lease.release();
            throw e;
        }
    }

    private static IOException ends(int read, Location location) {
        return new IOException("the segment ends after " + read + " of its " + location.sizeBytes() + " bytes");
    }

    /** The segment is gone: either compaction moved the block, or somebody deleted the file. */
    private @Nullable Payload missing(Cid cid, byte[] key, Location location) {
        Location now = look(key);
        if (now != null && now.samePlace(location)) {
            throw new BlockstoreException(
                    "cannot read block " + cid + " in " + place(location) + ": the segment is missing");
        }
        return null;
    }

    private @Nullable Payload referenced(Cid cid, byte[] key, Location location) {
        byte[] value = index.get(Table.REFERENCES, key);
        if (value == null) {
            return null;
        }
        BufferPool.Lease lease = pool.lease(location.sizeBytes());
        try {
            References.decode(value).read(cid, lease.buffer());
            return lease.payload();
        } catch (RuntimeException e) {
            lease.release();
            throw e;
        }
    }

    /** A place in words. */
    String place(Location location) {
        return location.isReference()
                ? "a referenced file"
                : "segment " + location.segment() + " at offset " + location.offset();
    }
}

package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.DirectReads;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.internal.Futures;
import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.disk.BufferPool;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of blocks in the thread of whoever wants them. What the system has in memory is copied by one call of it;
 * what lies in a segment that is read seldom comes past the page cache, only the pages of the range, in a thread of the
 * store, so that an interrupt cannot close a channel that others depend on. Whatever is out of the ordinary is left to
 * {@link Reader}. Thread-safe.
 */
final class DirectReader implements DirectReads {
    private final Catalog catalog;
    private final Reader reader;
    private final BufferPool pool;
    private final RepositoryOptions options;
    private final Counters counters;
    private final Executor readers;
    private final Lock noRepair;
    private final Runnable checkOpen;

    /**
     * @param noRepair keeps repairs out while it is held
     * @param checkOpen throws where the store is closed or its index is not whole, asked under that lock
     */
    DirectReader(
            Catalog catalog,
            Reader reader,
            BufferPool pool,
            RepositoryOptions options,
            Counters counters,
            Executor readers,
            Lock noRepair,
            Runnable checkOpen) {
        this.catalog = catalog;
        this.reader = reader;
        this.pool = pool;
        this.options = options;
        this.counters = counters;
        this.readers = readers;
        this.noRepair = noRepair;
        this.checkOpen = checkOpen;
    }

    @Override
    public boolean read(Range range, ByteBuffer into, Patience patience) {
        if (options.verifyOnRead() || Keys.inlined(range.cid())) {
            return false;
        }
        Place place = find(range);
        if (place == null) {
            return false;
        }
        byte[] inline = place.location().inline();
        if (inline != null) {
            into.put(inline, range.offset(), range.length());
        } else if (!copy(place, range, into, patience)) {
            return false;
        }
        counters.reads.increment();
        counters.readBytes.add(range.length());
        return true;
    }

    /** Where a block is, with a share of its segment, which is absent where the index has the bytes. */
    private record Place(
            Location location,
            @Nullable Segment segment,
            @Nullable SegmentState state) {}

    /**
     * Looks for the block while a repair is kept out. What waits for the disk afterwards does so without that lock: it needs a
     * thread of the store, and all of those may be waiting for the repair.
     */
    private @Nullable Place find(Range range) {
        noRepair.lock();
        try {
            checkOpen.run();
            Location location = reader.find(range.cid().multihash().bytes());
            if (location == null || location.isReference() || location.sizeBytes() != range.blockBytes()) {
                return null;
            }
            if (location.inline() != null) {
                return new Place(location, null, null);
            }
            Segment segment;
            SegmentState state;
            synchronized (catalog) {
                Catalog.Entry entry = catalog.segment(location.segment());
                if (entry == null) {
                    return null;
                }
                segment = entry.segment;
                state = entry.state;
            }
            return segment.acquire() ? new Place(location, segment, state) : null;
        } finally {
            noRepair.unlock();
        }
    }

    private boolean copy(Place place, Range range, ByteBuffer into, Patience patience) {
        Location location = place.location();
        Segment segment = Objects.requireNonNull(place.segment());
        SegmentState state = Objects.requireNonNull(place.state());
        int start = into.position();
        try {
            long offset = location.offset() + range.offset();
            if (!segment.cold(state.tail())
                    || (state.sealed() && segment.seemsLoaded(state.tail(), offset, range.length()))) {
                ByteBuffer target = into.slice(start, range.length());
                require(segment.file().readForCaller(target, offset), range, location);
            } else if (patience == Patience.DISK) {
                ByteBuffer target = into.slice(start, range.length());
                Futures.supply(readers, () -> copyUncached(segment, location, range, target))
                        .join();
            } else {
                return false;
            }
            into.position(start + range.length());
            return true;
        } catch (IOException e) {
            throw fault(range, location, e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof BlockstoreException known ? known : e;
        } finally {
            segment.release();
        }
    }

    /** The pages of a range by way of memory of the pool, which lies at page boundaries as direct I/O needs it. */
    private boolean copyUncached(Segment segment, Location location, Range range, ByteBuffer into) {
        long offset = location.offset() + range.offset();
        long from = offset & -DiskFile.PAGE_BYTES;
        int lead = (int) (offset - from);
        BufferPool.Lease lease = pool.lease((int) (SegmentHeader.pageAligned(offset + range.length()) - from));
        try {
            require(segment.file().readUncached(lease.buffer(), from) - lead, range, location);
            into.put(lease.buffer().slice(lead, range.length()));
            segment.readUncached(range.length());
            return true;
        } catch (IOException e) {
            throw fault(range, location, e);
        } finally {
            lease.release();
        }
    }

    private static void require(int read, Range range, Location location) throws IOException {
        if (read < range.length()) {
            throw new IOException("the segment ends after " + Math.max(0, read) + " of the " + range.length()
                    + " bytes at " + (location.offset() + range.offset()));
        }
    }

    private BlockstoreException fault(Range range, Location location, IOException e) {
        return new BlockstoreException(
                "cannot read block " + range.cid() + " in " + reader.place(location) + ": " + e.getMessage(), e);
    }
}

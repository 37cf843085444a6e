package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.internal.disk.BufferPool;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.segment.GroupEntry;
import io.kafila.blockstore.internal.segment.GroupReader;
import io.kafila.blockstore.internal.segment.GroupTrailer;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.blockstore.internal.segment.PayloadCheck;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the space of removed blocks: one finished segment after the other, moves what is live out of it, carries
 * the removals that are still needed, and deletes it. It needs spare space for the live part of one segment. Confined to
 * its loop.
 *
 * <p>Moves go through the committer's queue like puts, so the index points at the new place only after the copy was
 * forced, and only if it still pointed at the old one. The file gets its dead name, durably, before the index forgets
 * the segment; a kill at any step leaves work for the next run and loses nothing.
 *
 * <p>A removal is forgotten when the segment that held the removed copy is gone and no segment is marked stale: then no
 * copy is left that a repair could bring back.
 */
final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private static final long BATCH_BYTES = 4L << 20;
    private static final int BATCH_OPS = 1024;

    /** A segment that would give back less than this share of the segment size is left alone. */
    private static final int LEAST_GAIN_SHIFT = 10;

    private record Work(Catalog.Entry entry, GroupReader reader, Deque<GroupTrailer.Footer> groups) {}

    private final Catalog catalog;
    private final Index index;
    private final Shelf shelf;
    private final Committer committer;
    private final BufferPool pool;
    private final Quarantine quarantine;
    private final RepositoryOptions options;
    private final Counters counters;
    private final Executor executor;

    private @Nullable Work work;
    private final Deque<GroupEntry> entries = new ArrayDeque<>();
    private long offset;
    private long lastChosen;
    /** Segments above it were begun by this run. */
    private long newest = -1;

    private boolean stalePhase = true;
    private boolean rolled;
    private long freedBytes;

    Compactor(
            Catalog catalog,
            Index index,
            Shelf shelf,
            Committer committer,
            BufferPool pool,
            Quarantine quarantine,
            RepositoryOptions options,
            Counters counters,
            Executor executor) {
        this.catalog = catalog;
        this.index = index;
        this.shelf = shelf;
        this.committer = committer;
        this.pool = pool;
        this.quarantine = quarantine;
        this.options = options;
        this.counters = counters;
        this.executor = executor;
    }

    long freedBytes() {
        return freedBytes;
    }

    /** One slice; the future says whether there is more to do. */
    CompletableFuture<Boolean> step() {
        try {
            Work current = work;
            if (current == null) {
                return begin();
            }
            if (entries.isEmpty()) {
                GroupTrailer.Footer footer = current.groups().pollFirst();
                if (footer == null) {
                    return finish(current);
                }
                entries.addAll(current.reader().trailer(footer).entries());
                offset = footer.start();
            }
            return moveBatch(current);
        } catch (IOException e) {
            throw new BlockstoreException("compaction: " + e.getMessage(), e);
        }
    }

    private CompletableFuture<Boolean> begin() throws IOException {
        Optional<Catalog.Entry> chosen = choose();
        if (chosen.isEmpty()) {
            return rollOrEnd();
        }
        Catalog.Entry entry = chosen.get();
        Segment segment = entry.segment;
        lastChosen = segment.id();
        GroupReader reader = new GroupReader(segment.file(), segment.header());
        work = new Work(entry, reader, new ArrayDeque<>(reader.groups(entry.state.tail())));
        LOG.debug(
                "compacting segment {}: {} live of {} bytes",
                segment.id(),
                entry.state.liveBytes(),
                entry.state.tail());
        // From the first move on it holds copies of blocks that lie elsewhere too.
        return committer
                .submit(List.of(new Op.Note(segment.id(), state -> state == null ? null : state.asStale())))
                .thenApply(done -> true);
    }

    /** The unfinished segment cannot be compacted; one that is mostly dead is finished first, once. */
    private CompletableFuture<Boolean> rollOrEnd() {
        if (rolled) {
            return CompletableFuture.completedFuture(false);
        }
        rolled = true;
        synchronized (catalog) {
            boolean worthwhile = catalog.segments.values().stream()
                    .anyMatch(entry -> !entry.state.sealed() && mostlyDead(entry.state));
            if (!worthwhile) {
                return CompletableFuture.completedFuture(false);
            }
        }
        return committer.roll().thenApply(done -> true);
    }

    private Optional<Catalog.Entry> choose() {
        synchronized (catalog) {
            if (newest < 0) {
                newest = catalog.lastSegment;
            }
            if (stalePhase) {
                Optional<Catalog.Entry> stale = catalog.segments.values().stream()
                        .filter(entry -> entry.state.sealed() && entry.state.stale() && !entry.headless)
                        .filter(entry -> entry.segment.id() > lastChosen)
                        .findFirst();
                if (stale.isPresent()) {
                    return stale;
                }
                stalePhase = false;
            }
            return catalog.segments.values().stream()
                    .filter(entry -> entry.state.sealed() && !entry.state.stale() && mostlyDead(entry.state))
                    .filter(entry -> entry.segment.id() <= newest && !entry.headless)
                    .max(Comparator.comparingLong(entry -> entry.state.deadBytes()));
        }
    }

    private boolean mostlyDead(SegmentState state) {
        long dead = state.deadBytes();
        return dead > options.segmentBytes() >> LEAST_GAIN_SHIFT
                && dead * 100 > state.tail() * options.compactAboveDeadPercent();
    }

    private CompletableFuture<Boolean> moveBatch(Work current) throws IOException {
        List<Op> ops = new ArrayList<>();
        long bytes = 0;
        try {
            while (!entries.isEmpty() && bytes < BATCH_BYTES && ops.size() < BATCH_OPS) {
                GroupEntry entry = entries.removeFirst();
                Op op = entry.isPayload() ? move(current, entry) : carry(current, entry);
                offset += entry.sizeBytes();
                if (op != null) {
                    ops.add(op);
                    bytes += entry.sizeBytes();
                }
            }
        } catch (IOException | RuntimeException e) {
            ops.forEach(Op::discard);
            throw e;
        }
        if (ops.isEmpty()) {
            return CompletableFuture.completedFuture(true);
        }
        long moved = bytes;
        return committer.submit(ops).thenCompose(done -> pause(moved));
    }

    /** Keeps the pace. */
    private CompletableFuture<Boolean> pause(long bytes) {
        long pace = options.compactionBytesPerSecond();
        if (pace == 0) {
            return CompletableFuture.completedFuture(true);
        }
        long micros = TimeUnit.SECONDS.toMicros(1) * bytes / pace;
        return CompletableFuture.supplyAsync(
                () -> true, CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS, executor));
    }

    private @Nullable Op move(Work current, GroupEntry entry) throws IOException {
        byte[] value = index.get(Table.BLOCKS, entry.key());
        Location location = value == null ? null : Location.decode(value);
        Segment segment = current.entry().segment;
        if (location == null || location.segment() != segment.id() || location.offset() != offset) {
            return null;
        }
        BufferPool.Lease lease = pool.lease(entry.sizeBytes());
        Payload payload = lease.payload();
        boolean sound = false;
        try {
            ByteBuffer into = lease.buffer();
            if (segment.file().read(into, offset) == entry.sizeBytes()) {
                PayloadCheck check = new PayloadCheck(entry);
                check.update(lease.buffer());
                sound = check.matches();
            }
            if (sound) {
                return new Op.Move(entry.key(), location, payload);
            }
            counters.corruptBlocks.increment();
            quarantine.keep(entry.key(), location, payload);
            LOG.warn(
                    "compaction: a corrupt block in {} at offset {} went to the quarantine",
                    segment.describe(),
                    offset);
            return Op.Remove.at(entry.key(), location);
        } finally {
            if (!sound) {
                payload.close();
            }
        }
    }

    private @Nullable Op carry(Work current, GroupEntry entry) {
        long self = current.entry().segment.id();
        synchronized (catalog) {
            boolean needed =
                    (entry.victim() != self && catalog.segment(entry.victim()) != null) || catalog.anyStale(self);
            return needed ? new Op.Carry(entry) : null;
        }
    }

    private CompletableFuture<Boolean> finish(Work current) throws IOException {
        Segment segment = current.entry().segment;
        long tail;
        boolean empty;
        synchronized (catalog) {
            tail = current.entry().state.tail();
            empty = current.entry().state.liveBlocks() == 0;
        }
        work = null;
        if (!empty) {
            // A damaged trailer hid some: they are served from where they are, until a repair or a verification.
            LOG.warn(
                    "compaction: {} still holds live blocks that its trailers do not name; it is left",
                    segment.describe());
            return CompletableFuture.completedFuture(true);
        }
        if (!current.entry().renamed) {
            shelf.disk().rename(Segment.nameOf(segment.id()), Segment.deadNameOf(segment.id()));
            current.entry().renamed = true;
        }
        shelf.disk().forceFolder(Segment.FOLDER);
        return committer
                .submit(List.of(new Op.Note(segment.id(), state -> null)))
                .thenApply(done -> {
                    segment.condemn();
                    long bytes = tail;
                    freedBytes += bytes;
                    counters.freedBytes.add(bytes);
                    return true;
                });
    }
}

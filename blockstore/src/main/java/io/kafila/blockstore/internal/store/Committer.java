package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.StorageFullException;
import io.kafila.blockstore.internal.disk.DiskFullException;
import io.kafila.blockstore.internal.index.Index;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which blocks change: a queue, a step that appends groups to the segment, and a step that forces them
 * and writes the index. Thread-safe.
 *
 * <p>The two steps run beside each other, each one at a time: while one group is forced, the next are written, and one
 * force and one sync of the index's log acknowledge all groups that were written meanwhile. While changes wait in the
 * queue a force waits too, until enough is written to be worth it; a change that comes alone is forced at once. The order
 * of the queue is the order in the segments and in the index.
 *
 * <p>When a write, a force or the index fails, everything that was written and not acknowledged fails with it. It is cut
 * off and the cut is forced before anybody sees what was before, and before the next group is written: so what
 * failed can never come back over what was acknowledged after it. Until that succeeds, all changes fail.
 */
final class Committer {
    static final String HALTED = "block store: a repair was cut short; repair it again, or open it anew";

    private static final int MAX_PARTS = 4096;

    /** A force takes at most about this share of what may be unforced, so that writing goes on beside it. */
    private static final int GATHERED_SHARE = 4;

    private final Catalog catalog;
    private final Shelf shelf;
    private final RepositoryOptions options;
    private final Counters counters;
    private final Executor writer;
    private final Completions completions;
    /** Held by every step; repair holds its counterpart. */
    private final Lock shared;

    private final Tail tail;
    private final Stager stager;
    private final IndexCommit indexCommit;
    private final GroupWriter groupWriter;

    // Guarded by the catalog
    private final Deque<Group.Part> queue = new ArrayDeque<>();
    private final List<Group> written = new ArrayList<>();
    private final List<Group> doomed = new ArrayList<>();
    private long queuedBytes;
    /** What is written and not acknowledged. */
    private long unforcedBytes;
    /** What of it no force has begun to take. */
    private long writtenBytes;

    private boolean appending;
    private boolean forcing;
    private boolean closed;
    private boolean halted;
    /** Why nothing may be appended before a reset. */
    private @Nullable Throwable broken;
    /** Why what is written and not forced cannot be acknowledged any more. */
    private @Nullable Throwable lost;

    private boolean abandonActive;

    Committer(
            Catalog catalog,
            Shelf shelf,
            Index index,
            RepositoryOptions options,
            Counters counters,
            Executor writer,
            Executor callbacks,
            Lock shared) {
        this.catalog = catalog;
        this.shelf = shelf;
        this.options = options;
        this.counters = counters;
        this.writer = writer;
        this.completions = new Completions(catalog, callbacks);
        this.shared = shared;
        this.tail = new Tail(catalog, shelf, options.segmentBytes());
        this.stager = new Stager(catalog, index, shelf.disk(), options, counters, tail);
        this.groupWriter = new GroupWriter(options.groupBytes());
        this.indexCommit = new IndexCommit(catalog, index);
    }

    /** Refuses every change, those in the queue too, until {@link #resume}. Called while nothing is on its way. */
    void halt() {
        synchronized (catalog) {
            halted = true;
        }
    }

    /** Goes on, with a segment that recovery left unfinished. Called before the first change and after a repair. */
    void resume(Catalog.@Nullable Entry unfinished) {
        synchronized (catalog) {
            halted = false;
        }
        tail.resume(unfinished);
    }

    /** Queues changes; the future completes when all of them are durable. Takes a share of every payload. */
    CompletableFuture<Void> submit(List<Op> ops) {
        if (ops.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Request request = new Request(ops);
        long bytes = 0;
        for (Op op : ops) {
            bytes += Stager.payloadBytes(op);
        }
        String refusal = null;
        synchronized (catalog) {
            if (closed) {
                refusal = "block store is closed";
            } else if (halted) {
                refusal = HALTED;
            } else if (queuedBytes > 0 && queuedBytes + bytes > options.queuedBytes()) {
                refusal = "block store: " + queuedBytes + " bytes wait to be written, want at most "
                        + options.queuedBytes() + ": wait for puts to complete";
            } else {
                queuedBytes += bytes;
                for (Op op : ops) {
                    queue.add(new Group.Part(request, op));
                }
                scheduleAppend();
            }
        }
        if (refusal != null) {
            ops.forEach(Op::discard);
            return CompletableFuture.failedFuture(new BlockstoreException(refusal));
        }
        return request.future();
    }

    /** Finishes the segment that is being written, in its turn. */
    CompletableFuture<Void> roll() {
        return submit(List.of(new Op.Roll()));
    }

    private void scheduleAppend() {
        if (!appending) {
            appending = true;
            run(this::append);
        }
    }

    private void scheduleForce() {
        if (!forcing) {
            forcing = true;
            run(this::force);
        }
    }

    private void run(Runnable step) {
        writer.execute(() -> {
            shared.lock();
            try {
                step.run();
            } finally {
                shared.unlock();
            }
        });
    }

    // The append step

    private void append() {
        if (appendOnce()) {
            run(this::append);
        }
    }

    /** Appends one group; answers whether to go on. */
    private boolean appendOnce() {
        List<Group.Part> parts = new ArrayList<>();
        Throwable failure;
        boolean stopped;
        synchronized (catalog) {
            failure = broken;
            stopped = halted;
            boolean wait = failure != null ? forcing || !written.isEmpty() : unforcedBytes >= options.unforcedBytes();
            if (wait || (queue.isEmpty() && failure == null)) {
                appending = false;
                if (!written.isEmpty()) {
                    scheduleForce();
                }
                catalog.notifyAll();
                return false;
            }
        }
        if (stopped || (failure != null && !reset(failure))) {
            failQueue(failure == null ? new BlockstoreException(HALTED) : failure);
            synchronized (catalog) {
                appending = false;
                catalog.notifyAll();
            }
            return false;
        }
        synchronized (catalog) {
            take(parts);
        }
        appendGroup(parts);
        return true;
    }

    private void take(List<Group.Part> parts) {
        long bytes = 0;
        while (!queue.isEmpty() && parts.size() < MAX_PARTS && bytes < options.groupBytes()) {
            boolean roll = queue.element().op().kind() == Op.Kind.ROLL;
            if (roll && !parts.isEmpty()) {
                break;
            }
            Group.Part part = queue.removeFirst();
            bytes += Stager.payloadBytes(part.op());
            parts.add(part);
            if (roll) {
                break;
            }
        }
        queuedBytes -= bytes;
    }

    private void appendGroup(List<Group.Part> parts) {
        Group group = new Group();
        List<Group.Part> ended = new ArrayList<>();
        Deque<Group.Part> left = new ArrayDeque<>(parts);
        Throwable failure = null;
        try {
            stager.stage(left, group, ended, unforcedBytes());
            Segment segment = group.segment();
            if (segment != null && !group.lines.isEmpty()) {
                group.end = groupWriter.write(segment.file(), segment.header(), group.start(), group.lines);
                tail.moveTo(group.end);
                counters.groups.increment();
            }
        } catch (IOException | RuntimeException e) {
            failure = failed("write", e);
        } finally {
            parts.forEach(part -> part.op().discard());
        }
        synchronized (catalog) {
            if (failure != null) {
                group.parts.addAll(left);
                doomed.add(group);
                broken = failure;
                counters.writeFailures.increment();
            } else if (!group.isEmpty()) {
                group.nextBirth = catalog.nextBirth;
                written.add(group);
                unforcedBytes += group.sizeBytes();
                writtenBytes += group.sizeBytes();
            }
            if (!written.isEmpty() && !gathering()) {
                scheduleForce();
            }
        }
        completions.end(ended);
    }

    /** Whether the next force waits for more: the append step goes on at once, and not much is written yet. */
    private boolean gathering() {
        return appending
                && !queue.isEmpty()
                && broken == null
                && writtenBytes < options.unforcedBytes() / GATHERED_SHARE;
    }

    private long unforcedBytes() {
        synchronized (catalog) {
            return unforcedBytes;
        }
    }

    // Failure

    private BlockstoreException failed(String action, Throwable cause) {
        String message = "block store: cannot " + action + ": " + cause.getMessage();
        if (cause instanceof BlockstoreException known) {
            return known;
        }
        if (cause instanceof DiskFullException) {
            StorageFullException full = new StorageFullException(message);
            full.initCause(cause);
            return full;
        }
        return new BlockstoreException(message, cause);
    }

    /** Cuts off what was written and not acknowledged, for good; answers whether that worked. */
    private boolean reset(Throwable failure) {
        List<Catalog.Entry> unfinished = new ArrayList<>();
        try {
            indexCommit.resolve();
            synchronized (catalog) {
                catalog.segments.values().stream()
                        .filter(entry -> !entry.state.sealed())
                        .forEach(unfinished::add);
            }
            for (Catalog.Entry entry : unfinished) {
                tail.cut(entry);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
            failDoomed(failure, false);
            return false;
        }
        boolean abandon;
        synchronized (catalog) {
            abandon = abandonActive;
            abandonActive = false;
            broken = null;
            lost = null;
            unforcedBytes = 0;
            catalog.nextBirth = Math.max(catalog.nextBirth, catalog.totals.nextBirth());
        }
        tail.restart(abandon);
        failDoomed(failure, true);
        return true;
    }

    /** @param settle whether the changes can no longer happen, so that what was before is seen again */
    private void failDoomed(Throwable failure, boolean settle) {
        List<Group.Part> parts = new ArrayList<>();
        synchronized (catalog) {
            for (Group group : doomed) {
                group.parts.forEach(part -> part.request().fail(failure));
                parts.addAll(group.parts);
                group.parts.clear();
                if (settle) {
                    group.changes.forEach(change -> catalog.settle(change.key(), group));
                }
            }
            if (settle) {
                doomed.clear();
            }
        }
        completions.end(parts);
    }

    private void failQueue(Throwable failure) {
        List<Group.Part> parts;
        synchronized (catalog) {
            parts = new ArrayList<>(queue);
            queue.clear();
            queuedBytes = 0;
            parts.forEach(part -> part.request().fail(failure));
        }
        parts.forEach(part -> part.op().discard());
        completions.end(parts);
    }

    /** @param abandon whether the segment is not to be written again */
    private void doom(List<Group> groups, Throwable failure, boolean abandon) {
        synchronized (catalog) {
            doomed.addAll(groups);
            abandonActive |= abandon;
            broken = failure;
            lost = failure;
            counters.writeFailures.increment();
        }
    }

    // The force step

    private void force() {
        if (forceOnce()) {
            run(this::force);
        }
    }

    /** Acknowledges what has been written; answers whether to look again. */
    private boolean forceOnce() {
        synchronized (catalog) {
            if (written.isEmpty() || gathering()) {
                forcing = false;
                if (!queue.isEmpty() || broken != null) {
                    scheduleAppend();
                }
                catalog.notifyAll();
                return false;
            }
        }
        forceWritten();
        return true;
    }

    /** Forces and acknowledges what has been written. */
    private void forceWritten() {
        List<Group> groups;
        Throwable earlier;
        synchronized (catalog) {
            groups = List.copyOf(written);
            written.clear();
            writtenBytes = 0;
            earlier = lost;
        }
        if (earlier != null) {
            // These groups build on one that was lost.
            doom(groups, earlier, false);
            return;
        }
        try {
            forceSegments(groups);
        } catch (IOException | RuntimeException e) {
            // After a failed force the system may have dropped the pages: that part of the file is never used again.
            doom(groups, failed("force", e), true);
            return;
        }
        try {
            indexCommit.commit(groups);
        } catch (RuntimeException e) {
            doom(groups, failed("write the index", e), false);
            return;
        }
        acknowledge(groups);
    }

    private void forceSegments(List<Group> groups) throws IOException {
        Set<Segment> segments = new LinkedHashSet<>();
        for (Group group : groups) {
            Segment segment = group.segment();
            if (segment != null) {
                segments.add(segment);
            }
        }
        for (Segment segment : segments) {
            counters.forces.increment();
            Catalog.Entry entry;
            synchronized (catalog) {
                entry = catalog.segment(segment.id());
            }
            shelf.force(segment, entry);
        }
    }

    private void acknowledge(List<Group> groups) {
        List<Group.Part> parts = new ArrayList<>();
        synchronized (catalog) {
            for (Group group : groups) {
                unforcedBytes -= group.sizeBytes();
                group.changes.forEach(change -> catalog.settle(change.key(), group));
                parts.addAll(group.parts);
                group.parts.clear();
            }
            if (!queue.isEmpty()) {
                scheduleAppend();
            }
        }
        completions.end(parts);
    }

    // Standing still

    /** Brings everything that is written to an end. Called by repair, which keeps the steps out meanwhile. */
    void settle() {
        boolean more = true;
        while (more) {
            synchronized (catalog) {
                more = !written.isEmpty();
            }
            if (more) {
                forceWritten();
            }
        }
        Throwable failure;
        synchronized (catalog) {
            failure = broken;
        }
        if (failure != null && !reset(failure)) {
            throw new BlockstoreException("block store: cannot undo a failed write: " + failure.getMessage(), failure);
        }
    }

    /** Refuses new changes, and waits until the queue is empty and acknowledged. */
    void close() {
        synchronized (catalog) {
            closed = true;
            boolean interrupted = false;
            while (appending || forcing) {
                try {
                    catalog.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Frees memory, after {@link #close} and after the executor has ended. */
    void dispose() {
        groupWriter.close();
    }
}

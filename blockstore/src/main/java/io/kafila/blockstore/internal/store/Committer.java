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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which blocks change: a queue, a step that appends groups to the segment, and a step that forces them
 * and writes the index. Thread-safe.
 *
 * <p>The two steps run beside each other, each one at a time: while one group is forced, the next are written, and one
 * force and one sync of the index's log acknowledge all groups that were written meanwhile. The order of the queue is
 * the order in the segments and in the index.
 *
 * <p>When a write, a force or the index fails, everything that was written and not acknowledged fails with it. It is cut
 * off and the cut is forced before anybody sees what was before, and before the next group is written: so what
 * failed can never come back over what was acknowledged after it. Until that succeeds, all changes fail.
 */
final class Committer {
    static final String HALTED = "block store: a repair was cut short; repair it again, or open it anew";

    private static final int MAX_PARTS = 4096;

    private final Catalog catalog;
    private final Shelf shelf;
    private final RepositoryOptions options;
    private final Counters counters;
    private final Executor writer;
    private final Executor callbacks;
    /** Held by every step; repair holds its counterpart. */
    private final Lock shared;

    private final Stager stager;
    private final IndexCommit indexCommit;
    private final GroupWriter groupWriter;

    // Guarded by the catalog
    private final Deque<Group.Part> queue = new ArrayDeque<>();
    private final List<Group> written = new ArrayList<>();
    private final List<Group> doomed = new ArrayList<>();
    private long queuedBytes;
    private long unforcedBytes;
    private boolean appending;
    private boolean forcing;
    private boolean closed;
    private boolean halted;
    /** Why nothing may be appended before a reset. */
    private @Nullable Throwable broken;
    /** Why what is written and not forced cannot be acknowledged any more. */
    private @Nullable Throwable lost;

    private boolean abandonActive;

    // Confined to the append step
    private Catalog.@Nullable Entry active;
    private long position;

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
        this.callbacks = callbacks;
        this.shared = shared;
        this.stager = new Stager(catalog, index, shelf.disk(), options, counters, new Place());
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
        active = unfinished;
        position = unfinished == null ? 0 : unfinished.state.tail();
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
                position = group.end;
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
                scheduleForce();
            }
        }
        end(ended);
    }

    private long unforcedBytes() {
        synchronized (catalog) {
            return unforcedBytes;
        }
    }

    private final class Place implements Stager.Placement {
        @Override
        public void place(Group group) throws IOException {
            placeGroup(group);
        }

        @Override
        public long leave() {
            Catalog.Entry entry = active;
            active = null;
            return entry == null ? 0 : entry.segment.id();
        }
    }

    /** Gives the group its place, behind the last one or in a new segment. */
    private void placeGroup(Group group) throws IOException {
        Catalog.Entry entry = active;
        if (entry == null || position >= options.segmentBytes()) {
            long id;
            synchronized (catalog) {
                id = ++catalog.lastSegment;
            }
            entry = new Catalog.Entry(shelf.create(id), SegmentState.EMPTY, false);
            synchronized (catalog) {
                catalog.segments.put(id, entry);
            }
            active = entry;
            position = entry.state.tail();
        }
        group.place(entry.segment, position);
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
                if (entry.named) {
                    entry.segment.file().truncate(entry.state.tail());
                    entry.segment.file().force();
                } else {
                    discard(entry);
                }
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
        Catalog.Entry entry = active;
        if (abandon || entry == null) {
            active = null;
        } else {
            position = entry.state.tail();
        }
        failDoomed(failure, true);
        return true;
    }

    /** Deletes a segment of which nothing was acknowledged: not even its header is known to be durable. */
    private void discard(Catalog.Entry entry) throws IOException {
        if (!entry.renamed) {
            shelf.disk().rename(Segment.nameOf(entry.segment.id()), Segment.deadNameOf(entry.segment.id()));
            entry.renamed = true;
        }
        shelf.disk().forceFolder(Segment.FOLDER);
        synchronized (catalog) {
            catalog.segments.remove(entry.segment.id());
        }
        if (active == entry) {
            active = null;
        }
        entry.segment.condemn();
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
        end(parts);
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
        end(parts);
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
        List<Group> groups;
        Throwable earlier;
        synchronized (catalog) {
            if (written.isEmpty()) {
                forcing = false;
                if (!queue.isEmpty() || broken != null) {
                    scheduleAppend();
                }
                catalog.notifyAll();
                return false;
            }
            groups = List.copyOf(written);
            written.clear();
            earlier = lost;
        }
        if (earlier != null) {
            // These groups build on one that was lost.
            doom(groups, earlier, false);
            return true;
        }
        try {
            forceSegments(groups);
        } catch (IOException | RuntimeException e) {
            // After a failed force the system may have dropped the pages: that part of the file is never used again.
            doom(groups, failed("force", e), true);
            return true;
        }
        try {
            indexCommit.commit(groups);
        } catch (RuntimeException e) {
            doom(groups, failed("write the index", e), false);
            return true;
        }
        acknowledge(groups);
        return true;
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
            segment.file().force();
            counters.forces.increment();
            Catalog.Entry entry;
            synchronized (catalog) {
                entry = catalog.segment(segment.id());
            }
            if (entry != null && !entry.named) {
                shelf.disk().forceFolder(Segment.FOLDER);
                entry.named = true;
            }
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
        end(parts);
    }

    private void end(List<Group.Part> parts) {
        List<Request> complete = new ArrayList<>();
        synchronized (catalog) {
            for (Group.Part part : parts) {
                if (part.request().ended()) {
                    complete.add(part.request());
                }
            }
        }
        for (Request request : complete) {
            try {
                callbacks.execute(request::complete);
            } catch (RejectedExecutionException e) {
                // The pool is full or closing; whoever waits learns it from this thread.
                request.complete();
            }
        }
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
                forceOnce();
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

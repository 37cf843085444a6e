package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.ImportException;
import io.kafila.multiformats.Cid;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is between reading and building: leaves whose hashes are being computed, and the steps between them, taken up in the
 * order in which they were put in. Confined to the import's thread.
 *
 * <p>That thread never waits for a worker that has not begun: it hashes the leaf itself, and while a worker is at one it
 * hashes the next. So an import goes on however few workers there are, and all cores are busy when there are enough.
 */
final class LeafPipeline {
    /** Below this a leaf is hashed at once: to pass it on costs more. */
    private static final int SMALL_BYTES = 16 * 1024;

    /** How many leaves may be pending whose bytes stay in their file: enough for every worker. */
    private static final int MAX_RANGES = 64;

    /** How many steps may be pending, whatever their size. */
    private static final int MAX_STEPS = 8192;

    private final ImportPlan plan;
    private final Executor workers;
    private final BufferPool pool;
    private final BufferPool.Ticket ticket;
    private final BlockWriter writer;
    private final Deque<Step> steps = new ArrayDeque<>();
    /** Hashes that nobody may have begun, in order; those of leaves that are taken up are gone. */
    private final Deque<LeafTask> unhashed = new ArrayDeque<>();

    private @Nullable Slab slab;

    LeafPipeline(ImportPlan plan, Executor workers, BufferPool pool, BufferPool.Ticket ticket, BlockWriter writer) {
        this.plan = plan;
        this.workers = workers;
        this.pool = pool;
        this.ticket = ticket;
        this.writer = writer;
    }

    /** The buffer to read into, with room in it. Waits for one where the budget is used up. */
    Slab slab() {
        Slab current = slab;
        if (current != null && !current.isFull()) {
            return current;
        }
        if (current != null) {
            current.release();
            slab = null;
        }
        Slab fresh = ticket.take();
        while (fresh == null) {
            if (!steps.isEmpty()) {
                takeUp();
            } else if (writer.hasUnsent()) {
                writer.flush();
            } else {
                Slab[] taken = new Slab[1];
                pool.await(
                        () -> {
                            taken[0] = ticket.take();
                            return taken[0] != null || writer.isFailed();
                        },
                        "a buffer");
                fresh = taken[0];
                writer.check();
                break;
            }
            fresh = ticket.take();
        }
        if (fresh == null) {
            throw new IllegalStateException("import: no buffer, want one");
        }
        slab = fresh;
        return fresh;
    }

    /** Has a leaf hashed; {@code done} learns of it in its turn and takes ownership of the leaf. */
    void leaf(LeafFrame frame, ChunkParts parts, LeafConsumer done) {
        add(Leaf.of(plan, frame, parts), done, MAX_STEPS);
    }

    /** Has a raw leaf hashed whose bytes nobody keeps. */
    void leaf(FileRange range, LeafConsumer done) {
        add(Leaf.of(plan, range, pool), done, MAX_RANGES);
    }

    private void add(Leaf leaf, LeafConsumer done, int maxSteps) {
        if (leaf.blockBytes() <= SMALL_BYTES) {
            leaf.task().run();
        } else {
            unhashed.add(leaf.task());
            try {
                workers.execute(leaf.task());
            } catch (RejectedExecutionException e) {
                leaf.task().run();
            }
        }
        steps.add(new Step(leaf, cid -> done.accept(leaf, cid), () -> {}, false));
        relax(maxSteps);
    }

    /** Does something in its turn. */
    void then(Runnable action) {
        then(action, false);
    }

    private void then(Runnable action, boolean closing) {
        if (steps.isEmpty()) {
            action.run();
            return;
        }
        steps.add(new Step(null, cid -> {}, action, closing));
        if (!closing) {
            relax(MAX_STEPS);
        }
    }

    /** Takes up what is ready, and more where too much is pending. */
    private void relax(int maxSteps) {
        while (!steps.isEmpty() && (steps.element().isReady() || steps.size() > maxSteps)) {
            takeUp();
        }
    }

    private void takeUp() {
        Step step = steps.element();
        Leaf leaf = step.leaf();
        if (leaf == null) {
            steps.remove();
            step.action().run();
            return;
        }
        Cid cid = hash(leaf.task());
        steps.remove();
        step.hashed().accept(cid);
    }

    /** The Cid of the first leaf; while a worker computes it, this thread computes those behind it. */
    private Cid hash(LeafTask first) {
        if (unhashed.peek() == first) {
            unhashed.remove();
        }
        first.run();
        while (!first.isDone() && !unhashed.isEmpty()) {
            unhashed.remove().run();
        }
        return first.await();
    }

    /** Closes what leaves are read from, once those that were put in are hashed or given up. */
    void close(Closeable source) {
        then(
                () -> {
                    try {
                        source.close();
                    } catch (IOException e) {
                        throw new ImportException("import: cannot close a file: " + e.getMessage(), e);
                    }
                },
                true);
    }

    /** Takes up everything, and gives the buffer back. */
    void finish() {
        while (!steps.isEmpty()) {
            takeUp();
        }
        if (slab != null) {
            slab.release();
            slab = null;
        }
    }

    /** Gives all buffers back and closes files; nothing else of what is pending is done. */
    void abandon() {
        for (Step step : steps) {
            Leaf leaf = step.leaf();
            if (leaf != null) {
                leaf.task().settle();
                leaf.release();
            } else if (step.closing()) {
                step.action().run();
            }
        }
        steps.clear();
        unhashed.clear();
        if (slab != null) {
            slab.release();
            slab = null;
        }
    }

    /** Takes a leaf with its Cid. */
    @FunctionalInterface
    interface LeafConsumer {
        void accept(Leaf leaf, Cid cid);
    }

    /** @param closing whether the action gives something back, so that it is done in any case */
    private record Step(@Nullable Leaf leaf, Consumer<Cid> hashed, Runnable action, boolean closing) {
        boolean isReady() {
            return leaf == null || leaf.task().isDone();
        }
    }
}

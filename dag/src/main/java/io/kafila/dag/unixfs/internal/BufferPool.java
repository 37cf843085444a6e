package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.ImportBudget;
import io.kafila.dag.unixfs.ImportException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The direct buffers that imports read into, at most as many as the budget has; made when first needed, kept until the
 * pool is closed. Every import that runs is promised enough of them to go on, so that none waits for another for ever.
 * Thread-safe.
 */
public final class BufferPool {
    /** How long an import waits for a buffer or for the store before it gives up. */
    private static final long PATIENCE_MS = Duration.ofMinutes(5).toMillis();

    private final ImportBudget budget;
    private final Deque<ByteBuffer> idle = new ArrayDeque<>();
    private final Deque<ByteBuffer> idlePieces = new ArrayDeque<>();
    private final Set<Ticket> tickets = new HashSet<>();
    private final Deque<CompletableFuture<Ticket>> waiting = new ArrayDeque<>();
    private int out;
    private boolean closed;

    public BufferPool(ImportBudget budget) {
        this.budget = budget;
    }

    /** The right of one import to take buffers, as soon as it can be promised enough. */
    public CompletableFuture<Ticket> admit() {
        CompletableFuture<Ticket> ticket = new CompletableFuture<>();
        synchronized (this) {
            waiting.add(ticket);
        }
        admitWaiting();
        return ticket;
    }

    private void admitWaiting() {
        while (true) {
            CompletableFuture<Ticket> next;
            Ticket ticket;
            synchronized (this) {
                if (waiting.isEmpty() || budget.buffers() - out - promised() < budget.promisedBuffers()) {
                    return;
                }
                next = waiting.remove();
                ticket = new Ticket();
                tickets.add(ticket);
            }
            if (!next.complete(ticket)) {
                ticket.close();
            }
        }
    }

    /** How many buffers must be kept for those who hold fewer than they were promised. */
    private int promised() {
        int sum = 0;
        for (Ticket ticket : tickets) {
            sum += Math.max(0, budget.promisedBuffers() - ticket.held);
        }
        return sum;
    }

    /** Wakes whoever waits, to look again. */
    synchronized void signal() {
        notifyAll();
    }

    /** Memory for one thread to read and hash in, {@value ChunkParts#PIECE_BYTES} bytes; there are as many as threads that hash at once. */
    ByteBuffer takePiece() {
        synchronized (this) {
            ByteBuffer piece = idlePieces.poll();
            if (piece != null) {
                return piece;
            }
        }
        return ByteBuffer.allocateDirect(ChunkParts.PIECE_BYTES);
    }

    synchronized void givePiece(ByteBuffer piece) {
        if (!closed) {
            idlePieces.push(piece);
        }
    }

    /** How many buffers are in use. */
    public synchronized int inUse() {
        return out;
    }

    /** Lets the idle buffers go; those in use follow when they come back. */
    public synchronized void close() {
        closed = true;
        idle.clear();
        idlePieces.clear();
    }

    /** Waits until {@code condition}, which is looked at under the pool's lock whenever something changes. */
    void await(BooleanSupplier condition, String what) {
        long start = System.nanoTime();
        synchronized (this) {
            while (!condition.getAsBoolean()) {
                long leftMs = PATIENCE_MS - (System.nanoTime() - start) / 1_000_000;
                if (leftMs <= 0) {
                    throw new ImportException("import: " + what + " did not come within " + PATIENCE_MS + " ms");
                }
                try {
                    wait(leftMs);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ImportException("import: interrupted while waiting for " + what, e);
                }
            }
        }
    }

    /** What one import holds. */
    public final class Ticket implements AutoCloseable {
        private int held;

        private Ticket() {}

        /** A buffer, if there is one that nobody else was promised. */
        @Nullable
        Slab take() {
            synchronized (BufferPool.this) {
                boolean mine = held < budget.promisedBuffers();
                if (!mine && budget.buffers() - out - promised() <= 0) {
                    return null;
                }
                held++;
                out++;
                ByteBuffer buffer = idle.poll();
                return new Slab(buffer != null ? buffer : allocate(), this::giveBack);
            }
        }

        private ByteBuffer allocate() {
            return ByteBuffer.allocateDirect(budget.bufferBytes() + Slab.PAGE_BYTES)
                    .alignedSlice(Slab.PAGE_BYTES)
                    .slice(0, budget.bufferBytes());
        }

        private void giveBack(ByteBuffer buffer) {
            synchronized (BufferPool.this) {
                held--;
                out--;
                if (!closed) {
                    idle.push(buffer.clear());
                }
                BufferPool.this.notifyAll();
            }
            admitWaiting();
        }

        /** Ends the promise. Buffers that are still in use come back by themselves. Idempotent. */
        @Override
        public void close() {
            synchronized (BufferPool.this) {
                tickets.remove(this);
            }
            admitWaiting();
        }
    }
}

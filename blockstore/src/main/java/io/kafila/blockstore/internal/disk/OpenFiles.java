package io.kafila.blockstore.internal.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a disk's files, opened when they are needed; of those that nobody uses the longest unused are closed
 * beyond a bound, so that a repository of any size stays below the process's limit of open files. Thread-safe.
 *
 * <p>A channel with changes that were not forced stays open: an error that the system has yet to report belongs to it.
 */
final class OpenFiles {
    private final int maxIdle;
    private final Set<Slot> opened = new HashSet<>();
    /** How many of them may be closed. A use only counts; the longest unused is looked for when there is one too many. */
    private int idle;

    private long uses;

    OpenFiles(int maxIdle) {
        this.maxIdle = maxIdle;
    }

    /** The place of one channel of a file. Guarded by the pool that it belongs to. */
    static final class Slot {
        private final Opener opener;
        private @Nullable FileChannel channel;
        private int users;
        private long lastUse;
        private boolean idle;
        private boolean dirty;
        private boolean closed;

        Slot(Opener opener) {
            this.opener = opener;
        }
    }

    @FunctionalInterface
    interface Opener {
        FileChannel open() throws IOException;
    }

    /** What is done with a channel. */
    @FunctionalInterface
    interface Use<T> {
        T apply(FileChannel channel) throws IOException;
    }

    /** Does something with the slot's channel, which stays open meanwhile. */
    <T> T use(Slot slot, Use<T> use) throws IOException {
        FileChannel channel = acquire(slot);
        try {
            return use.apply(channel);
        } finally {
            release(slot);
        }
    }

    private synchronized FileChannel acquire(Slot slot) throws IOException {
        if (slot.closed) {
            throw new IOException("the file is closed");
        }
        FileChannel channel = slot.channel;
        if (channel == null || !channel.isOpen()) {
            channel = slot.opener.open();
            slot.channel = channel;
            opened.add(slot);
        }
        slot.users++;
        busy(slot);
        return channel;
    }

    private void busy(Slot slot) {
        if (slot.idle) {
            slot.idle = false;
            idle--;
        }
    }

    private void release(Slot slot) throws IOException {
        FileChannel surplus;
        synchronized (this) {
            slot.users--;
            surplus = settle(slot);
        }
        close(surplus);
    }

    /** Keeps the slot's channel open until {@link #clean}. */
    synchronized void dirty(Slot slot) {
        slot.dirty = true;
        busy(slot);
    }

    /** All that was changed through the slot's channel is durable. */
    void clean(Slot slot) throws IOException {
        FileChannel surplus;
        synchronized (this) {
            slot.dirty = false;
            surplus = settle(slot);
        }
        close(surplus);
    }

    /** Answers what is to be closed now: the slot's own channel, or that of the longest unused slot. */
    private @Nullable FileChannel settle(Slot slot) {
        if (slot.users > 0 || slot.channel == null) {
            return null;
        }
        if (slot.closed) {
            return take(slot);
        }
        if (!slot.dirty && !slot.idle) {
            slot.idle = true;
            slot.lastUse = ++uses;
            idle++;
        }
        return idle > maxIdle ? take(longestUnused()) : null;
    }

    private Slot longestUnused() {
        return opened.stream()
                .filter(slot -> slot.idle)
                .min(Comparator.comparingLong(slot -> slot.lastUse))
                .orElseThrow();
    }

    private @Nullable FileChannel take(Slot slot) {
        FileChannel channel = slot.channel;
        slot.channel = null;
        opened.remove(slot);
        busy(slot);
        return channel;
    }

    /** Closes the channel now or with its last user; the slot is not used again. */
    void close(Slot slot) throws IOException {
        FileChannel surplus;
        synchronized (this) {
            slot.closed = true;
            surplus = settle(slot);
        }
        close(surplus);
    }

    private static void close(@Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** How many channels are open that nobody uses. */
    synchronized int idle() {
        return idle;
    }
}

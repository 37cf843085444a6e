package io.kafila.blockstore.internal.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
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
    /** Those that may be closed, longest unused first. */
    private final Set<Slot> idle = new LinkedHashSet<>();

    OpenFiles(int maxIdle) {
        this.maxIdle = maxIdle;
    }

    /** The place of one channel of a file. Guarded by the pool that it belongs to. */
    static final class Slot {
        private final Opener opener;
        private @Nullable FileChannel channel;
        private int users;
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
        }
        slot.users++;
        idle.remove(slot);
        return channel;
    }

    private void release(Slot slot) throws IOException {
        List<FileChannel> surplus = new ArrayList<>();
        synchronized (this) {
            slot.users--;
            settle(slot, surplus);
        }
        close(surplus);
    }

    /** Keeps the slot's channel open until {@link #clean}. */
    synchronized void dirty(Slot slot) {
        slot.dirty = true;
        idle.remove(slot);
    }

    /** All that was changed through the slot's channel is durable. */
    void clean(Slot slot) throws IOException {
        List<FileChannel> surplus = new ArrayList<>();
        synchronized (this) {
            slot.dirty = false;
            settle(slot, surplus);
        }
        close(surplus);
    }

    private void settle(Slot slot, List<FileChannel> surplus) {
        FileChannel channel = slot.channel;
        if (slot.users > 0 || channel == null) {
            return;
        }
        if (slot.closed) {
            slot.channel = null;
            surplus.add(channel);
            return;
        }
        if (!slot.dirty) {
            idle.add(slot);
        }
        for (Iterator<Slot> oldest = idle.iterator(); idle.size() > maxIdle; ) {
            Slot last = oldest.next();
            oldest.remove();
            if (last.channel != null) {
                surplus.add(last.channel);
                last.channel = null;
            }
        }
    }

    /** Closes the channel now or with its last user; the slot is not used again. */
    void close(Slot slot) throws IOException {
        List<FileChannel> surplus = new ArrayList<>();
        synchronized (this) {
            slot.closed = true;
            idle.remove(slot);
            settle(slot, surplus);
        }
        close(surplus);
    }

    private static void close(List<FileChannel> channels) throws IOException {
        for (FileChannel channel : channels) {
            channel.close();
        }
    }

    /** How many channels are open that nobody uses. */
    synchronized int idle() {
        return idle.size();
    }
}

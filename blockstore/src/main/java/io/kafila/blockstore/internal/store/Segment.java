package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.disk.Disk;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One segment file with its readers. Thread-safe; what {@link SegmentState} says of it is guarded by the store's lock.
 *
 * <p>The store holds one share of it and every payload that lies in it another. The last one closes the file, unmaps it,
 * and deletes it where compaction has emptied it.
 */
final class Segment {
    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

    static final String FOLDER = "segments";
    private static final String SUFFIX = ".seg";
    private static final String DEAD_SUFFIX = ".dead";
    private static final int DIGITS = 16;
    /** How far apart the pages are that are asked for where a guess is enough. */
    private static final int SAMPLE_BYTES = 512 * 1024;

    private final Disk disk;
    private final Executor cleanup;
    private final SegmentHeader header;
    private final DiskFile file;

    private final AtomicLong uncachedBytes = new AtomicLong();

    private int shares = 1;
    private boolean dead;
    private boolean unmappable;
    private DiskFile.@Nullable Mapping mapping;

    /** @param cleanup where the file is closed and deleted */
    Segment(Disk disk, Executor cleanup, SegmentHeader header, DiskFile file) {
        this.disk = disk;
        this.cleanup = cleanup;
        this.header = header;
        this.file = file;
    }

    static String nameOf(long id) {
        return baseName(id) + SUFFIX;
    }

    static String deadNameOf(long id) {
        return baseName(id) + DEAD_SUFFIX;
    }

    private static String baseName(long id) {
        String digits = Long.toHexString(id);
        return FOLDER + "/" + "0".repeat(DIGITS - digits.length()) + digits;
    }

    static boolean isDead(String file) {
        return file.endsWith(DEAD_SUFFIX);
    }

    /** The id in a file's name, or -1 where it is no segment's. */
    static long idOf(String file) {
        if (file.length() != DIGITS + SUFFIX.length() || !file.endsWith(SUFFIX)) {
            return -1;
        }
        try {
            return Long.parseLong(file.substring(0, DIGITS), 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    long id() {
        return header.id();
    }

    SegmentHeader header() {
        return header;
    }

    DiskFile file() {
        return file;
    }

    String describe() {
        return disk.describe(nameOf(id()));
    }

    /** One more share; answers whether the segment is still there. */
    synchronized boolean acquire() {
        if (shares == 0) {
            return false;
        }
        shares++;
        return true;
    }

    void release() {
        synchronized (this) {
            if (shares == 0) {
                throw new IllegalStateException("segment " + describe() + ": released more often than acquired");
            }
            if (--shares > 0) {
                return;
            }
        }
        // The last reader may be an event loop: unmapping and deleting are not its business.
        try {
            cleanup.execute(this::dispose);
        } catch (RejectedExecutionException e) {
            dispose();
        }
    }

    /** Gives the store's share back; the file, which has its dead name by now, goes with the last reader. */
    void condemn() {
        synchronized (this) {
            dead = true;
        }
        release();
    }

    /** Whether the segment's bytes are better read past the page cache: they are not in it and were not read often. */
    boolean cold(long lengthBytes) {
        return file.bypassesCache() && uncachedBytes.get() < lengthBytes;
    }

    /**
     * Counts what was read past the page cache. Once that is as much as the segment is long, the segment is read often
     * enough to be worth the system's memory.
     */
    void readUncached(int sizeBytes) {
        uncachedBytes.addAndGet(sizeBytes);
    }

    /**
     * A view of a range of a finished segment in mapped memory, loaded, for as long as the caller holds a share; {@code
     * null} where the file cannot be mapped, or the range is not in memory and the segment is cold.
     */
    @Nullable
    ByteBuffer mapped(long lengthBytes, long offset, int sizeBytes) throws IOException {
        DiskFile.Mapping current = mapping(lengthBytes);
        if (current == null) {
            return null;
        }
        if (cold(lengthBytes)) {
            if (!current.isLoaded((int) offset, sizeBytes)) {
                return null;
            }
        } else {
            current.load((int) offset, sizeBytes);
        }
        return current.slice((int) offset, sizeBytes);
    }

    /**
     * Whether a range of a finished segment seems to be in the system's memory, for a caller with a share: a page here and
     * there is asked for, as to ask for all 256 of a MiB takes 10 microseconds. Whoever was told
     * wrong reads by way of the page cache and waits for the disk.
     */
    boolean seemsLoaded(long lengthBytes, long offset, int sizeBytes) {
        DiskFile.Mapping current = mapping(lengthBytes);
        if (current == null) {
            return false;
        }
        for (int at = 0; at < sizeBytes; at += SAMPLE_BYTES) {
            if (!current.isLoaded((int) offset + at, 1)) {
                return false;
            }
        }
        return sizeBytes == 0 || current.isLoaded((int) offset + sizeBytes - 1, 1);
    }

    private synchronized DiskFile.@Nullable Mapping mapping(long lengthBytes) {
        if (mapping == null && !unmappable) {
            try {
                mapping = file.map(lengthBytes);
            } catch (IOException e) {
                LOG.warn("cannot map {}, reading it instead: {}", describe(), e.toString());
                unmappable = true;
            }
        }
        return mapping;
    }

    private void dispose() {
        try {
            synchronized (this) {
                if (mapping != null) {
                    mapping.close();
                    mapping = null;
                }
            }
            file.close();
            if (dead) {
                disk.delete(deadNameOf(id()));
            }
        } catch (IOException e) {
            LOG.warn("cannot close segment {}; the next start will: {}", describe(), e.toString());
        }
    }
}

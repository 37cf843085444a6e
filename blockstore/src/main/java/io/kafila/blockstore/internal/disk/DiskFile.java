package io.kafila.blockstore.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An open file of a {@link Disk}. Reads are thread-safe; writes, truncation and force are confined to one thread each.
 */
public interface DiskFile extends Closeable {
    /** What direct I/O needs memory, positions and lengths to be multiples of. */
    int PAGE_BYTES = 4096;

    long size() throws IOException;

    /** Fills {@code into} from {@code position} on as far as the file goes; answers how many bytes were read. */
    int read(ByteBuffer into, long position) throws IOException;

    /**
     * As {@link #read}, from the disk itself into whole pages of direct memory: the page cache is not filled. Where that
     * cannot be, or the position is no page boundary, it reads as {@link #read} does.
     */
    int readUncached(ByteBuffer into, long position) throws IOException;

    /**
     * As {@link #read}, in a thread of which nothing is known: interrupting it fails this read with a {@link
     * java.nio.channels.ClosedByInterruptException} and no other.
     */
    default int readForCaller(ByteBuffer into, long position) throws IOException {
        return read(into, position);
    }

    /** Whether whole pages bypass the page cache, so that what was written is not in memory. */
    boolean bypassesCache();

    /**
     * Writes all that remains in {@code buffers}, one after the other, from {@code position} on. After an error nobody
     * knows how much of it is there. Whole pages of direct memory at a page boundary go past the page cache where the
     * file system lets them.
     */
    void write(List<ByteBuffer> buffers, long position) throws IOException;

    /** Makes what was written durable, and the size with it. After an error what was written may be lost for good. */
    void force() throws IOException;

    /** Cuts the file. Never done to a file that is mapped. */
    void truncate(long sizeBytes) throws IOException;

    /** Maps the first {@code sizeBytes} bytes for reading. The mapping outlives the file's closing. */
    Mapping map(long sizeBytes) throws IOException;

    /** A mapped range. */
    interface Mapping extends Closeable {
        /** A fresh read-only view of a range, valid until the mapping is closed. */
        ByteBuffer slice(int offset, int length);

        /** Whether the system has the whole range in memory at the moment. */
        boolean isLoaded(int offset, int length);

        /** Brings a range into memory, so that touching it later does not wait for the disk. */
        void load(int offset, int length) throws IOException;

        /** Unmaps; nobody may touch a view afterwards. */
        @Override
        void close();
    }
}

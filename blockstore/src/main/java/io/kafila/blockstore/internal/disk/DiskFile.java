package io.kafila.blockstore.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An open file of a {@link Disk}. Reads are thread-safe; writes, truncation and force are confined to one thread each.
 */
public interface DiskFile extends Closeable {
    long size() throws IOException;

    /** Fills {@code into} from {@code position} on as far as the file goes; answers how many bytes were read. */
    int read(ByteBuffer into, long position) throws IOException;

    /**
     * Writes all that remains in {@code buffers}, one after the other, from {@code position} on. After an error nobody
     * knows how much of it is there.
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

        /** Brings a range into memory, so that touching it later does not wait for the disk. */
        void load(int offset, int length) throws IOException;

        /** Unmaps; nobody may touch a view afterwards. */
        @Override
        void close();
    }
}

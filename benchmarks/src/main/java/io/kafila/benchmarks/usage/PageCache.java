package io.kafila.benchmarks.usage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Touches all free memory by reading a sparse file into the page cache.
 *
 * <p>On a virtual machine the first touch of a page costs more than the work on it. Pages of a sparse file are clean, so
 * that the kernel gives them to whoever needs memory at the cost of a busy server. Only what is free at a call is read, so
 * that a repeated call costs little. Confined to one thread. Closing it deletes the file.
 */
public final class PageCache implements AutoCloseable {
    /** What stays free, so that nothing has to wait for memory. */
    private static final long SPARE_BYTES = 768L << 20;

    private static final int BUFFER_BYTES = 1 << 20;
    /** The sparse file's size in memories of this machine; its reading starts again at the beginning after so many. */
    private static final int ROUNDS = 64;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long position;

    public PageCache(Path file) {
        try {
            channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE,
                    StandardOpenOption.SPARSE);
            size = memory("MemTotal:") * ROUNDS;
            channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Touches what is free now; how many bytes that was. */
    public long fill() {
        long free = memory("MemFree:") - SPARE_BYTES;
        long done = 0;
        try {
            while (done < free) {
                buffer.clear();
                int n = channel.read(buffer, position);
                position = n < BUFFER_BYTES ? 0 : position + n;
                done += Math.max(n, 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return done;
    }

    private static long memory(String label) {
        try {
            return ProcessReading.number(Files.readString(Path.of("/proc/meminfo")), label) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

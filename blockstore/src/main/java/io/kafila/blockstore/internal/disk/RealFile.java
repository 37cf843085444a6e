package io.kafila.blockstore.internal.disk;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file with up to three channels: one through the page cache, where the file system takes it one past it, for what
 * lies and goes on page boundaries, and one to read from in threads of others. All see the same bytes, as the system keeps
 * the cache in step with what bypasses it.
 */
final class RealFile implements DiskFile {
    private final OpenFiles files;
    private final OpenFiles.Slot cached;
    private final OpenFiles.@Nullable Slot direct;
    /** Whoever is interrupted while it reads closes the channel that it reads from, so that no other work uses this one. */
    private final OpenFiles.Slot callers;

    private final Consumer<RealFile> onClose;
    private volatile Path path;

    /** @param directIo whether the file system lets the page cache be bypassed */
    RealFile(OpenFiles files, Path path, boolean directIo, Consumer<RealFile> onClose) {
        this.files = files;
        this.path = path;
        this.onClose = onClose;
        this.cached = new OpenFiles.Slot(
                () -> FileChannel.open(this.path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        this.direct = directIo
                ? new OpenFiles.Slot(() -> FileChannel.open(
                        this.path, StandardOpenOption.READ, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT))
                : null;
        this.callers = new OpenFiles.Slot(() -> FileChannel.open(this.path, StandardOpenOption.READ));
    }

    Path path() {
        return path;
    }

    void renamed(Path to) {
        path = to;
    }

    @Override
    public long size() throws IOException {
        return files.use(cached, FileChannel::size);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return files.use(cached, channel -> fill(channel, into, position));
    }

    @Override
    public int readForCaller(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        while (true) {
            try {
                return files.use(callers, channel -> fill(channel, into, position));
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                // Somebody else was interrupted, which closed the channel for all; the next turn opens it again.
                into.position(start);
            }
        }
    }

    @Override
    public int readUncached(ByteBuffer into, long position) throws IOException {
        OpenFiles.Slot slot = direct;
        return slot != null && DirectMemory.aligned(into) && position % PAGE_BYTES == 0
                ? files.use(slot, channel -> fill(channel, into, position))
                : read(into, position);
    }

    @Override
    public boolean bypassesCache() {
        return direct != null;
    }

    private static int fill(FileChannel channel, ByteBuffer into, long position) throws IOException {
        int done = 0;
        while (into.hasRemaining()) {
            int n = channel.read(into, position + done);
            if (n < 0) {
                break;
            }
            done += n;
        }
        return done;
    }

    @Override
    public void write(List<ByteBuffer> buffers, long position) throws IOException {
        OpenFiles.Slot slot = direct;
        if (slot == null || position % PAGE_BYTES != 0 || !buffers.stream().allMatch(DirectMemory::aligned)) {
            slot = cached;
        }
        files.dirty(slot);
        try {
            files.use(slot, channel -> drain(channel, buffers.toArray(ByteBuffer[]::new), position));
        } catch (IOException e) {
            throw RealDisk.translated(e, path.toString());
        }
    }

    /** Writes all of it; answers how much that was. */
    private static long drain(FileChannel channel, ByteBuffer[] buffers, long position) throws IOException {
        long all = 0;
        for (ByteBuffer buffer : buffers) {
            all += buffer.remaining();
        }
        long left = all;
        channel.position(position);
        int first = 0;
        while (left > 0) {
            while (!buffers[first].hasRemaining()) {
                first++;
            }
            left -= channel.write(buffers, first, buffers.length - first);
        }
        return all;
    }

    @Override
    public void force() throws IOException {
        try {
            // One force of the file takes what went through either channel.
            files.use(cached, channel -> {
                channel.force(false);
                return channel;
            });
        } catch (IOException e) {
            throw RealDisk.translated(e, path.toString());
        }
        files.clean(cached);
        if (direct != null) {
            files.clean(direct);
        }
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        files.dirty(cached);
        files.use(cached, channel -> channel.truncate(sizeBytes));
    }

    @Override
    public Mapping map(long sizeBytes) throws IOException {
        return new RealMapping(
                path, files.use(cached, channel -> channel.map(FileChannel.MapMode.READ_ONLY, 0, sizeBytes)));
    }

    @Override
    public void close() throws IOException {
        onClose.accept(this);
        files.close(cached);
        files.close(callers);
        if (direct != null) {
            files.close(direct);
        }
    }

    private static final class RealMapping implements Mapping {
        private final Path path;
        private @Nullable MappedByteBuffer mapped;

        RealMapping(Path path, MappedByteBuffer mapped) {
            this.path = path;
            this.mapped = mapped;
        }

        private synchronized MappedByteBuffer mapped() {
            if (mapped == null) {
                throw new IllegalStateException("mapping of " + path + " is closed");
            }
            return mapped;
        }

        @Override
        public ByteBuffer slice(int offset, int length) {
            return mapped().slice(offset, length).asReadOnlyBuffer();
        }

        @Override
        public boolean isLoaded(int offset, int length) {
            return length == 0 || mapped().slice(offset, length).isLoaded();
        }

        @Override
        public void load(int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            try {
                MappedByteBuffer range = mapped().slice(offset, length);
                range.load();
            } catch (InternalError e) {
                // The JVM turns a page that the disk cannot read into this error.
                throw new IOException("cannot read " + length + " bytes at offset " + offset + " of " + path, e);
            }
        }

        @Override
        public synchronized void close() {
            MappedByteBuffer last = mapped;
            mapped = null;
            if (last != null) {
                DirectMemory.free(last);
            }
        }
    }
}

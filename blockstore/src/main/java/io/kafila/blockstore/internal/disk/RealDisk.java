package io.kafila.blockstore.internal.disk;

import io.kafila.blockstore.RepositoryLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files below one folder of the machine's file system. */
public final class RealDisk implements Disk {
    /**
     * The locks that this process holds. POSIX gives up a process's lock on a file when any descriptor of it is closed,
     * so a second open in one process must be turned away before it opens the lock file: this set is why it is static.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path root;

    public RealDisk(Path root) throws IOException {
        Files.createDirectories(root);
        this.root = root.toRealPath();
    }

    public Path root() {
        return root;
    }

    @Override
    public void createFolder(String folder) throws IOException {
        Path path = root.resolve(folder);
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            forceFolder("");
        }
    }

    @Override
    public List<String> list(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        try {
            return file(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw translated(e, name);
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return file(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private DiskFile file(String name, StandardOpenOption... options) throws IOException {
        return new RealFile(describe(name), FileChannel.open(root.resolve(name), options));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(root.resolve(name));
    }

    @Override
    public void forceFolder(String folder) throws IOException {
        try (FileChannel channel = FileChannel.open(root.resolve(folder), StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return root.toFile().getUsableSpace();
    }

    @Override
    public Closeable lock(String name) throws IOException {
        Path path = root.resolve(name);
        synchronized (HELD) {
            if (!HELD.add(path)) {
                throw locked(path);
            }
            boolean taken = false;
            FileChannel channel = null;
            try {
                channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock();
                taken = lock != null;
            } finally {
                if (!taken) {
                    HELD.remove(path);
                    if (channel != null) {
                        channel.close();
                    }
                }
            }
            if (!taken) {
                throw locked(path);
            }
            return release(path, channel);
        }
    }

    private static Closeable release(Path path, FileChannel channel) {
        return () -> {
            synchronized (HELD) {
                if (channel.isOpen()) {
                    channel.close();
                    HELD.remove(path);
                }
            }
        };
    }

    private static RepositoryLockedException locked(Path path) {
        return new RepositoryLockedException("someone else has the lock on " + path);
    }

    @Override
    public String describe(String name) {
        return root.resolve(name).toString();
    }

    /** The JDK tells a full disk by the text of the system's error alone. */
    private static IOException translated(IOException e, String file) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space")) {
            return new DiskFullException(file + ": " + message, e);
        }
        return e;
    }

    private static final class RealFile implements DiskFile {
        private final String path;
        private final FileChannel channel;

        RealFile(String path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
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
            try {
                ByteBuffer[] all = buffers.toArray(ByteBuffer[]::new);
                long left = 0;
                for (ByteBuffer buffer : all) {
                    left += buffer.remaining();
                }
                channel.position(position);
                int first = 0;
                while (left > 0) {
                    while (!all[first].hasRemaining()) {
                        first++;
                    }
                    left -= channel.write(all, first, all.length - first);
                }
            } catch (IOException e) {
                throw translated(e, path);
            }
        }

        @Override
        public void force() throws IOException {
            try {
                channel.force(false);
            } catch (IOException e) {
                throw translated(e, path);
            }
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            channel.truncate(sizeBytes);
        }

        @Override
        public Mapping map(long sizeBytes) throws IOException {
            return new RealMapping(path, channel.map(FileChannel.MapMode.READ_ONLY, 0, sizeBytes));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class RealMapping implements DiskFile.Mapping {
        private final String path;
        private @Nullable MappedByteBuffer mapped;

        RealMapping(String path, MappedByteBuffer mapped) {
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

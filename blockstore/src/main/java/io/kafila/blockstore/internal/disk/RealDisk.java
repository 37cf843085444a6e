package io.kafila.blockstore.internal.disk;

import com.sun.nio.file.ExtendedOpenOption;
import io.kafila.blockstore.RepositoryLockedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files below one folder of the machine's file system. */
public final class RealDisk implements Disk {
    /**
     * The locks that this process holds. POSIX gives up a process's lock on a file when any descriptor of it is closed,
     * so a second open in one process must be turned away before it opens the lock file: this set is why it is static.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private static final Logger LOG = LoggerFactory.getLogger(RealDisk.class);

    /** Few processes may have more than 1024 files open, and sockets need most of them. */
    private static final int MAX_IDLE_FILES = 256;

    private final Path root;
    private final boolean directIo;
    private final OpenFiles files = new OpenFiles(MAX_IDLE_FILES);
    /** The open files, which learn of it when they are renamed. */
    private final Map<Path, RealFile> named = new ConcurrentHashMap<>();

    /**
     * @param directIo whether to bypass the page cache where the file system lets us; a small file that is written and
     *     deleted again tells
     */
    public RealDisk(Path root, boolean directIo) throws IOException {
        Files.createDirectories(root);
        this.root = root.toRealPath();
        this.directIo = directIo && takesDirectIo();
    }

    /** How many files are open that nobody uses at the moment. */
    int openFiles() {
        return files.idle();
    }

    /** Whether large reads and writes bypass the page cache. */
    public boolean directIo() {
        return directIo;
    }

    private boolean takesDirectIo() throws IOException {
        Path probe = Files.createTempFile(root, "direct", ".probe");
        ByteBuffer page = DirectMemory.allocate(DiskFile.PAGE_BYTES);
        try (FileChannel channel =
                FileChannel.open(probe, StandardOpenOption.READ, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
            ByteBuffer aligned = DirectMemory.align(page);
            boolean taken = channel.write(aligned, 0) == DiskFile.PAGE_BYTES
                    && channel.read(aligned.clear(), 0) == DiskFile.PAGE_BYTES;
            LOG.debug("{}: direct I/O {}", root, taken ? "is used" : "writes less than a page");
            return taken;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("{}: no direct I/O on this file system, using the page cache ({})", root, e.toString());
            return false;
        } finally {
            DirectMemory.free(page);
            Files.delete(probe);
        }
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
            Files.createFile(root.resolve(name));
            return file(name);
        } catch (IOException e) {
            throw translated(e, name);
        }
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return file(name);
    }

    private RealFile file(String name) throws IOException {
        Path path = root.resolve(name);
        RealFile file = new RealFile(files, path, directIo, closed -> named.remove(closed.path(), closed));
        file.size(); // Opens it, so that one that cannot be opened is told now.
        named.put(path, file);
        return file;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path source = root.resolve(from);
        Path target = root.resolve(to);
        // Channels are opened under the same lock, by the name of the moment.
        synchronized (files) {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            RealFile open = named.remove(source);
            if (open != null) {
                open.renamed(target);
                named.put(target, open);
            }
        }
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
    static IOException translated(IOException e, String file) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space")) {
            return new DiskFullException(file + ": " + message, e);
        }
        return e;
    }
}

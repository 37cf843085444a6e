package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.CommandException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Extracts a TAR archive while it is written to, in a thread of its own. Entries stay below the output path: names with
 * {@code ..} are refused, nothing is written through a symbolic link, an archive whose root is no directory has no
 * other entry, and what is neither file, directory nor symbolic link, such as a hard link, is refused.
 */
final class TarExtraction {
    private static final int PIPE_BYTES = 1024 * 1024;

    private final Path output;
    private final PipedOutputStream sink = new PipedOutputStream();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread thread;
    /** Directories whose times are set last, since what is put into them changes them. */
    private final Deque<Runnable> last = new ArrayDeque<>();

    private TarExtraction(Path output, PipedInputStream source) {
        this.output = output;
        this.thread = new Thread(() -> run(source), "extract");
        thread.setDaemon(true);
    }

    static TarExtraction start(Path output) {
        try {
            PipedInputStream source = new PipedInputStream(PIPE_BYTES);
            TarExtraction extraction = new TarExtraction(output, source);
            source.connect(extraction.sink);
            extraction.thread.start();
            return extraction;
        } catch (IOException e) {
            throw new CommandException("cannot start to extract: " + e.getMessage(), e);
        }
    }

    /** Where the archive is written to. */
    OutputStream sink() {
        return sink;
    }

    /** Waits until all is on disk, and fails if it could not be put there. */
    void finish() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("context canceled", e);
        }
        Exception fault = failure.get();
        if (fault != null) {
            throw CommandException.of(fault);
        }
    }

    void abandon() {
        thread.interrupt();
    }

    private void run(PipedInputStream source) {
        try (source;
                TarArchiveInputStream tar = new TarArchiveInputStream(source, "UTF-8")) {
            String top = null;
            boolean tree = false;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName().replaceAll("/+$", "");
                if (top == null) {
                    top = name;
                    tree = entry.isDirectory();
                } else if (!tree) {
                    throw new IOException("entry " + name + " behind " + top + ", which is no directory");
                }
                extract(tar, entry, target(name, top, entry.isDirectory()));
            }
            while (!last.isEmpty()) {
                last.pop().run();
            }
            source.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | RuntimeException e) {
            failure.set(e);
        }
    }

    /** Where an entry goes: the root of the tree is the output path, or lies in it where that is a folder already. */
    private Path target(String name, String top, boolean directory) throws IOException {
        if (name.equals(top)) {
            boolean into = !directory && Files.isDirectory(output);
            return into ? output.resolve(safe(top)) : output;
        }
        if (!name.startsWith(top + "/")) {
            throw new IOException("entry " + name + " lies outside of " + top);
        }
        Path target = output;
        String[] parts = name.substring(top.length() + 1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            target = target.resolve(safe(parts[i]));
            if (i < parts.length - 1 && Files.isSymbolicLink(target)) {
                throw new IOException("entry " + name + " leads through the symbolic link " + target);
            }
        }
        return target;
    }

    private static String safe(String part) throws IOException {
        if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0 || part.contains("/")) {
            throw new IOException("unsafe name \"" + part + "\" in archive");
        }
        return part;
    }

    private void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isDirectory()) {
            if (Files.isSymbolicLink(target) && !target.equals(output)) {
                throw new IOException("entry " + entry.getName() + " leads through the symbolic link " + target);
            }
            Files.createDirectories(target);
            last.push(() -> {
                // A later entry may have put a link in its place.
                if (target.equals(output) || !Files.isSymbolicLink(target)) {
                    attributes(target, entry);
                }
            });
        } else if (entry.isSymbolicLink()) {
            Files.deleteIfExists(target);
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (isPlainFile(entry)) {
            if (Files.isSymbolicLink(target)) {
                Files.delete(target);
            } else if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(target.toString(), null, "is a directory");
            }
            Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
            attributes(target, entry);
        } else {
            throw new IOException("entry " + entry.getName() + " is neither file, directory nor symbolic link");
        }
    }

    /** The library takes whatever has no slash at its end for a file. */
    private static boolean isPlainFile(TarArchiveEntry entry) {
        return entry.isFile()
                && !entry.isLink()
                && !entry.isFIFO()
                && !entry.isCharacterDevice()
                && !entry.isBlockDevice()
                && !entry.isSparse();
    }

    private void attributes(Path target, TarArchiveEntry entry) {
        try {
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            PosixFilePermission[] all = PosixFilePermission.values();
            for (int bit = 0; bit < all.length; bit++) {
                if ((entry.getMode() & (0400 >> bit)) != 0) {
                    permissions.add(all[bit]);
                }
            }
            Files.setLastModifiedTime(
                    target, FileTime.from(entry.getLastModifiedTime().toInstant()));
            if (Files.getFileStore(target).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(target, permissions);
            }
        } catch (IOException e) {
            throw new CommandException("cannot set the attributes of " + target + ": " + e.getMessage(), e);
        }
    }
}

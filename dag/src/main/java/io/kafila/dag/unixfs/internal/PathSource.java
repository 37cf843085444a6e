package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportEntry.DiskLocation;
import io.kafila.dag.unixfs.ImportException;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.dag.unixfs.PathSourceOptions;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Files of the local disk, in the order of the bytes of their names (as boxo files/serialfile.go). A pipe is read to its end
 * where it is named itself, and refused in a directory.
 */
public final class PathSource implements ImportSource {
    /** Of a unix mode: the bits of the permissions, those of the type, and the type of a pipe. */
    private static final int PERMISSIONS = 07777;

    private static final int TYPE = 0170000;
    private static final int PIPE = 0010000;

    private final PathSourceOptions options;
    private final IgnoreRules ignore;
    private final Iterator<Path> topmost;
    private final Deque<Folder> folders = new ArrayDeque<>();

    private PathSource(PathSourceOptions options, IgnoreRules ignore, List<Path> paths) {
        this.options = options;
        this.ignore = ignore;
        this.topmost = paths.iterator();
    }

    /** @throws IOException if the file of rules cannot be read */
    public static PathSource open(List<Path> paths, PathSourceOptions options) throws IOException {
        List<String> rules = new ArrayList<>();
        if (options.ignoreRulesPath().isPresent()) {
            String text = Files.readString(options.ignoreRulesPath().get());
            rules.addAll(List.of(text.split("\n", -1)));
        }
        rules.addAll(options.ignoreRules());
        return new PathSource(options, IgnoreRules.parse(rules), List.copyOf(paths));
    }

    @Override
    public @Nullable ImportEntry next() throws IOException {
        while (true) {
            Folder folder = folders.peek();
            if (folder == null) {
                if (!topmost.hasNext()) {
                    return null;
                }
                Path path = topmost.next();
                return entry(path, nameOf(path));
            }
            if (!folder.names.hasNext()) {
                folders.pop();
                continue;
            }
            Path path = folder.names.next();
            String name = unicode(path);
            boolean hidden = !options.hidden() && name.startsWith(".");
            if (!hidden && !ignore.matches(name)) {
                return entry(path, folder.entryPath + "/" + name);
            }
        }
    }

    private static String nameOf(Path path) throws IOException {
        Path real = path.toAbsolutePath().normalize();
        return real.getFileName() == null ? "/" : unicode(real);
    }

    /** A name that Java cannot hold comes out of it as something else, and would be imported under a wrong name. */
    private static String unicode(Path path) {
        Path fileName = path.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        if (fileName == null || !path.resolveSibling(name).equals(path)) {
            throw new ImportException("import: " + path + ": the name is not Unicode, or the locale cannot express it");
        }
        return name;
    }

    private ImportEntry entry(Path path, String entryPath) throws IOException {
        LinkOption[] follow =
                options.dereferenceSymlinks() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, follow);
        } catch (NoSuchFileException e) {
            throw new ImportException("lstat " + path + ": no such file or directory", e);
        }
        OptionalInt unixMode = unixMode(path, follow);
        if (folders.isEmpty() && (unixMode.orElse(0) & TYPE) == PIPE) {
            // A pipe has no position, which the streams of java.nio.file would ask for.
            return ImportEntry.File.of(
                    entryPath, () -> Channels.newChannel(new BufferedInputStream(new FileInputStream(path.toFile()))));
        }
        OptionalInt mode =
                unixMode.isPresent() ? OptionalInt.of(unixMode.getAsInt() & PERMISSIONS) : OptionalInt.empty();
        Optional<Instant> mtime = Optional.of(attributes.lastModifiedTime().toInstant());
        if (attributes.isSymbolicLink()) {
            return new ImportEntry.Symlink(
                    entryPath, Files.readSymbolicLink(path).toString(), mode, mtime);
        }
        if (attributes.isDirectory()) {
            if (!options.recursive()) {
                throw new ImportException("invalid path '" + path
                        + "', last modified is a directory, use the '-r' flag to specify directories");
            }
            folders.push(new Folder(entryPath, list(path).iterator()));
            return new ImportEntry.Directory(entryPath, mode, mtime);
        }
        if (!attributes.isRegularFile()) {
            throw new ImportException("unrecognized file type for " + path + ": not a file, directory or symlink");
        }
        return new ImportEntry.File(
                entryPath,
                () -> FileChannel.open(path, StandardOpenOption.READ),
                OptionalLong.of(attributes.size()),
                Optional.of(new DiskLocation(path.toAbsolutePath().normalize(), 0)),
                mode,
                mtime);
    }

    private static OptionalInt unixMode(Path path, LinkOption[] follow) throws IOException {
        try {
            return OptionalInt.of((Integer) Files.getAttribute(path, "unix:mode", follow));
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            // No such modes on this file system.
            return OptionalInt.empty();
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(paths::add);
        }
        paths.sort((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)));
        return paths;
    }

    private static byte[] bytes(Path path) {
        Path name = path.getFileName();
        return (name == null ? "" : name.toString()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        folders.clear();
    }

    private record Folder(String entryPath, Iterator<Path> names) {}
}

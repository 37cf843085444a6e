package io.kafila.node.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file {@code config} of a repo. It holds the private key, so only its owner can read it. */
public final class ConfigFile {
    /** The largest file that is read, in bytes. */
    public static final int MAX_SIZE_BYTES = 4 * 1024 * 1024;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;

    public ConfigFile(Path path) {
        this.path = path;
    }

    /** The config file of a repo. */
    public static ConfigFile in(Path repo) {
        return new ConfigFile(repo.resolve("config"));
    }

    public Path path() {
        return path;
    }

    private Path folder() {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file lies in a folder");
    }

    public boolean exists() {
        return Files.isRegularFile(path);
    }

    public Config read() {
        try {
            long size = Files.size(path);
            if (size > MAX_SIZE_BYTES) {
                throw new ConfigException(path + ": " + size + " bytes, want at most " + MAX_SIZE_BYTES);
            }
            return Config.parse(Files.readString(path));
        } catch (NoSuchFileException e) {
            throw new ConfigException("no config file at " + path, e);
        } catch (IOException e) {
            throw new ConfigException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /** Replaces the file in one step: a reader sees the old one or the new one, also after a crash. */
    public void write(Config config) {
        Path temporary = null;
        try {
            Path folder = folder();
            Files.createDirectories(folder);
            temporary = Files.createTempFile(folder, ".config-", ".tmp", ownerOnly(folder));
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(config.toJson().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            ConfigException failure = new ConfigException("cannot write " + path + ": " + e.getMessage(), e);
            discard(temporary, failure);
            throw failure;
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static void discard(@Nullable Path temporary, ConfigException failure) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Keeps a copy of the file as it is, named {@code config-<prefix><number>}, and answers where. */
    public Path backup(String prefix) {
        try {
            Path folder = folder();
            Path copy = Files.createTempFile(folder, "config-" + prefix, "", ownerOnly(folder));
            return Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ConfigException("cannot copy " + path + ": " + e.getMessage(), e);
        }
    }
}

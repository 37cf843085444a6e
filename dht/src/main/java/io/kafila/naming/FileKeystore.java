package io.kafila.naming;

import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PrivateKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in files of one folder, in Kubo's form: {@code key_} and the name in base32, holding the protobuf of the private key.
 * Only the owner may read them. A key is written beside its place, forced, and moved there, so that a crash leaves the old
 * state or the new one. Thread-safe; two processes must not write to one folder.
 */
public final class FileKeystore implements Keystore {
    private static final Logger LOG = LoggerFactory.getLogger(FileKeystore.class);
    private static final String PREFIX = "key_";
    private static final String UNFINISHED = "new_";

    /** An RSA key of 8192 bits takes less than five thousand. */
    private static final int MAX_KEY_BYTES = 16 * 1024;

    private final Path folder;

    /** @param folder made when the first key is put into it */
    public FileKeystore(Path folder) {
        this.folder = folder;
    }

    @Override
    public synchronized Optional<PrivateKey> get(String name) {
        Path file = file(name);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_KEY_BYTES + 1);
            if (bytes.length > MAX_KEY_BYTES) {
                throw new NamingException(
                        "keystore file " + file + " of more than " + MAX_KEY_BYTES + " bytes, which no key has");
            }
            return Optional.of(PrivateKey.decode(bytes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new NamingException("cannot read keystore file " + file + ": " + e.getMessage(), e);
        } catch (MultiformatException e) {
            throw new NamingException("cannot deserialize private key file " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void put(String name, PrivateKey key) {
        Path file = file(name);
        if (Files.exists(file)) {
            throw Keystore.exists();
        }
        if (names().size() >= MAX_KEYS) {
            throw Keystore.full();
        }
        Path unfinished = folder.resolve(UNFINISHED + file.getFileName());
        try {
            Files.createDirectories(folder, forOwner("rwx------"));
            Files.deleteIfExists(unfinished);
            try (FileChannel out = FileChannel.open(
                    unfinished,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    forOwner("rw-------"))) {
                ByteBuffer bytes = ByteBuffer.wrap(key.protobuf());
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            forceFolder();
        } catch (IOException e) {
            throw new NamingException("cannot create keystore file " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized boolean rename(String from, String to, boolean overwrite) {
        Path source = file(from);
        Path target = file(to);
        if (!Files.exists(source)) {
            throw Keystore.absent();
        }
        boolean lost = !from.equals(to) && Files.exists(target);
        if (lost && !overwrite) {
            throw Keystore.exists();
        }
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            forceFolder();
        } catch (IOException e) {
            throw new NamingException("cannot rename keystore file " + source + ": " + e.getMessage(), e);
        }
        return lost;
    }

    @Override
    public synchronized void remove(String name) {
        Path file = file(name);
        try {
            if (!Files.deleteIfExists(file)) {
                throw Keystore.absent();
            }
            forceFolder();
        } catch (IOException e) {
            throw new NamingException("cannot remove keystore file " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized List<String> names() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                nameOf(file).ifPresent(names::add);
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new NamingException("cannot list the keystore " + folder + ": " + e.getMessage(), e);
        }
        Collections.sort(names);
        return List.copyOf(names);
    }

    private static Optional<String> nameOf(Path file) {
        String coded = file.getFileName().toString().substring(PREFIX.length());
        try {
            return Optional.of(new String(Multibase.BASE32.decodeBare(coded), StandardCharsets.UTF_8));
        } catch (MultiformatException e) {
            LOG.warn("keystore: {} is no key's file; it is left out", file);
            return Optional.empty();
        }
    }

    private Path file(String name) {
        Keystore.requireName(name);
        return folder.resolve(PREFIX + Multibase.BASE32.encodeBare(name.getBytes(StandardCharsets.UTF_8)));
    }

    /** Makes a changed folder durable, where the system lets folders be opened. */
    private void forceFolder() {
        try (FileChannel open = FileChannel.open(folder, Set.of(StandardOpenOption.READ))) {
            open.force(true);
        } catch (IOException e) {
            LOG.debug("keystore: {} cannot be forced", folder, e);
        }
    }

    private FileAttribute<?>[] forOwner(String permissions) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}

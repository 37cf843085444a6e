package io.kafila.daemon.internal.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a daemon shares with whoever may read the private files of its repo: 32 random bytes in a file of mode 0600, new with
 * each start and gone with its end. It never travels; it signs. Immutable; {@link #close} removes the file that {@link
 * #create} wrote.
 */
public final class MachineSecret implements AutoCloseable {
    /** The name of the file in the repo; its content is 64 hexadecimal digits. */
    static final String FILE_NAME = "api.secret";

    private static final int BYTES = 32;
    /** The block of SHA-256. */
    private static final int BLOCK_BYTES = 64;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final byte[] bytes;
    private final Path file;

    private MachineSecret(byte[] bytes, Path file) {
        this.bytes = bytes;
        this.file = file;
    }

    /**
     * Makes a new one and writes it into the repo; empty where the file system cannot keep a file from other users.
     *
     * @param random for the bytes; must be unpredictable
     */
    public static Optional<MachineSecret> create(Path repo, Random random) throws IOException {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        Path file = repo.resolve(FILE_NAME);
        Path temporary = repo.resolve(FILE_NAME + ".tmp");
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        try {
            Files.deleteIfExists(temporary);
            try (var out = Files.newByteChannel(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
                ByteBuffer text =
                        StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(bytes));
                // Some file systems take the mode and keep another.
                if (!isPrivate(temporary)) {
                    log().info(
                                    "{}: its mode is not kept, so files of this machine are sent through the socket",
                                    temporary);
                    return Optional.empty();
                }
                while (text.hasRemaining()) {
                    out.write(text);
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Optional.of(new MachineSecret(bytes, file));
        } catch (UnsupportedOperationException e) {
            log().info("{}: no file modes here, so files of this machine are sent through the socket", repo);
            return Optional.empty();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static boolean isPrivate(Path file) throws IOException {
        return Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY);
    }

    /** The one that a daemon wrote into the repo; empty where there is none, or none that this user may read. */
    public static Optional<MachineSecret> read(Path repo) {
        Path file = repo.resolve(FILE_NAME);
        try {
            if (Files.size(file) != 2 * BYTES) {
                return Optional.empty();
            }
            byte[] bytes = HexFormat.of().parseHex(Files.readString(file, StandardCharsets.US_ASCII));
            return Optional.of(new MachineSecret(bytes, file));
        } catch (IOException | IllegalArgumentException e) {
            log().debug("{}: no secret to be read", file, e);
            return Optional.empty();
        }
    }

    /**
     * HMAC-SHA-256 (RFC 2104) of {@code parts}, one after the other: 32 bytes. On the platform's plain digest: its own HMAC,
     * or a look at our table of hash functions, would make a command half as long again.
     */
    byte[] sign(byte[]... parts) {
        MessageDigest inner = digest(0x36);
        for (byte[] part : parts) {
            inner.update(part);
        }
        return digest(0x5c).digest(inner.digest());
    }

    private MessageDigest digest(int pad) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(padded(pad));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: the platform has none, want the one every platform has", e);
        }
    }

    private byte[] padded(int pad) {
        byte[] block = new byte[BLOCK_BYTES];
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) ((i < bytes.length ? bytes[i] : 0) ^ pad);
        }
        return block;
    }

    /** Got when it is needed: a short command ends without logging. */
    private static Logger log() {
        return LoggerFactory.getLogger(MachineSecret.class);
    }

    /** Removes the file. Idempotent. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file + ": " + e.getMessage(), e);
        }
    }
}

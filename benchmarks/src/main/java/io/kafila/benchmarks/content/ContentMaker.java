package io.kafila.benchmarks.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes content that nothing can compress and that two runs with one seed share: the key stream of AES in counter mode.
 * What is made lies in the page cache, and its writing to disk has ended. Thread-safe.
 */
public final class ContentMaker {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path folder;
    private final long seed;

    public ContentMaker(Path folder, long seed) {
        this.folder = folder;
        this.seed = seed;
    }

    /** Makes the content that seed and label stand for; the same bytes for the same two. */
    public Content make(ContentSpec spec, String label) {
        Path path = folder.resolve(label);
        Folders.create(folder);
        Folders.delete(path);
        try {
            if (spec.form() != ContentSpec.Form.FOLDER) {
                byte[] head = spec.form() == ContentSpec.Form.TENSORS ? Tensors.header(spec.bytes()) : new byte[0];
                return new Content(path, spec.bytes(), 1, write(path, label, head, spec.bytes()));
            }
            Folders.create(path);
            long each = spec.bytes() / spec.files();
            for (int i = 0; i < spec.files(); i++) {
                // Digits enough that the order of names is that of numbers.
                write(path.resolve(String.format("part-%06d.bin", i)), label + "/" + i, new byte[0], each);
            }
            return new Content(path, each * spec.files(), spec.files(), Digests.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String write(Path file, String label, byte[] head, long bytes) throws IOException {
        MessageDigest digest = Digests.sha256();
        Cipher stream = stream(label);
        int size = (int) Math.min(BUFFER_BYTES, bytes);
        byte[] zeros = new byte[size];
        byte[] out = new byte[size];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            append(channel, digest, head, head.length);
            for (long left = bytes - head.length; left > 0; ) {
                int length = (int) Math.min(size, left);
                stream.update(zeros, 0, length, out);
                append(channel, digest, out, length);
                left -= length;
            }
            if (bytes >= BUFFER_BYTES) {
                channel.force(false);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES in counter mode takes buffers of any length", e);
        }
        return Digests.hex(digest);
    }

    private static void append(FileChannel channel, MessageDigest digest, byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        digest.update(bytes, 0, length);
    }

    private Cipher stream(String label) {
        try {
            byte[] key = Digests.sha256().digest((seed + "/" + label).getBytes(StandardCharsets.UTF_8));
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(Arrays.copyOf(key, 16), "AES"),
                    new IvParameterSpec(Arrays.copyOfRange(key, 16, 32)));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in counter mode", e);
        }
    }
}

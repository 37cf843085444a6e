package io.kafila.benchmarks.content;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in hexadecimal of streams, files and folders. */
public final class Digests {
    private static final int BUFFER_BYTES = 1 << 20;

    private Digests() {}

    /** Of all that a stream holds. */
    public static String of(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return hex(digest);
    }

    /** Of a file's bytes; of a folder's files, each as its path in the folder and its own digest, in the order of paths. */
    public static String of(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                try (InputStream in = Files.newInputStream(path)) {
                    return of(in);
                }
            }
            MessageDigest digest = sha256();
            for (Path file : Folders.files(path)) {
                String line = path.relativize(file) + " " + of(file) + "\n";
                digest.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return hex(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}

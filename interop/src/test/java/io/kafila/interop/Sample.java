package io.kafila.interop;

import io.kafila.testkit.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files that look like the cargo, made from a seed, and their fingerprints. */
final class Sample {
    private static final int PIECE = 1 << 20;

    private Sample() {}

    /** A safetensors file: its header names one tensor of bytes that fills the rest. */
    static Path safetensors(Path file, long sizeBytes, long seed) {
        long tensorBytes = sizeBytes - 8 - 256;
        String header = "{\"weights\":{\"dtype\":\"U8\",\"shape\":[" + tensorBytes + "],\"data_offsets\":[0,"
                + tensorBytes + "]}}";
        ByteBuffer head = ByteBuffer.allocate(8 + 256).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(256).put((header + " ".repeat(256 - header.length())).getBytes(StandardCharsets.US_ASCII));
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(head.array());
            random(out, tensorBytes, new Seed(seed).random());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    static Path file(Path file, long sizeBytes, long seed) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (OutputStream out = Files.newOutputStream(file)) {
                random(out, sizeBytes, new Seed(seed).random());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static void random(OutputStream out, long sizeBytes, Random random) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long left = sizeBytes; left > 0; ) {
            int length = (int) Math.min(left, PIECE);
            random.nextBytes(piece);
            out.write(piece, 0, length);
            left -= length;
        }
    }

    /** A folder of small files, some of them below subfolders. */
    static Path folder(Path folder, int files, long seed) {
        Random random = new Seed(seed).random();
        for (int i = 0; i < files; i++) {
            Path parent = i % 10 == 9 ? folder.resolve("sub-" + i % 7) : folder;
            file(parent.resolve("file-" + i + ".bin"), random.nextInt(4096), seed * 1_000_003 + i);
        }
        return folder;
    }

    static String sha256(Path file) {
        try (var in = Files.newInputStream(file)) {
            return sha256(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return sha256(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(InputStream in) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[PIECE];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                digest.update(piece, 0, length);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fingerprint of each regular file below a folder, by relative path. */
    static TreeMap<String, String> fingerprints(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            TreeMap<String, String> prints = new TreeMap<>();
            List<Path> files = all.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                prints.put(folder.relativize(file).toString(), sha256(file));
            }
            return prints;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

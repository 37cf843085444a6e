package io.kafila.benchmarks.scenario;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work on a plain file, which is what stored content is compared with. */
final class PlainFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private PlainFile() {}

    /** Reads all of a channel into one buffer, over and over; how many bytes that was. */
    static long drain(ReadableByteChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long count = 0;
        for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
            count += n;
        }
        return count;
    }

    /** Fills a buffer from a place of a channel. */
    static void readFully(SeekableByteChannel channel, long offset, ByteBuffer buffer) throws IOException {
        channel.position(offset);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException(
                        "end of file at " + channel.position() + ", want " + buffer.remaining() + " more");
            }
        }
    }

    /** Hashes a file in pieces, one thread for each core; the digests of all pieces, one after the other. */
    static byte[] hashOnAllCores(Path file, int pieceBytes) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(cores);
        try (FileChannel channel = FileChannel.open(file)) {
            int pieces = Math.toIntExact((channel.size() + pieceBytes - 1) / pieceBytes);
            List<Future<byte[]>> parts = new ArrayList<>();
            for (int core = 0; core < cores; core++) {
                int first = core;
                parts.add(pool.submit(() -> hash(channel, first, cores, pieces, pieceBytes)));
            }
            byte[] all = new byte[pieces * 32];
            for (int core = 0; core < cores; core++) {
                byte[] digests = parts.get(core).get();
                for (int i = 0; core + i * cores < pieces; i++) {
                    System.arraycopy(digests, i * 32, all, (core + i * cores) * 32, 32);
                }
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }

    private static byte[] hash(FileChannel channel, int first, int step, int pieces, int pieceBytes)
            throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ByteBuffer buffer = ByteBuffer.allocateDirect(pieceBytes);
        byte[] digests = new byte[(pieces - first + step - 1) / step * 32];
        for (int piece = first, i = 0; piece < pieces; piece += step, i++) {
            buffer.clear();
            long offset = (long) piece * pieceBytes;
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
                // A read may give less than was asked for.
            }
            digest.update(buffer.flip());
            System.arraycopy(digest.digest(), 0, digests, i * 32, 32);
        }
        return digests;
    }
}

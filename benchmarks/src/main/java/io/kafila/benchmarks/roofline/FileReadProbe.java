package io.kafila.benchmarks.roofline;

import com.sun.nio.file.ExtendedOpenOption;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.disk.RealDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;

/** Reads a file of its own in one of the ways in which a store may; all but {@link Stage#DISK_READ} find it in the page cache. */
final class FileReadProbe implements Probe {
    private static final String NAME = "read";
    private static final int CACHED_BYTES = 1 << 20;
    private static final int DIRECT_BYTES = 8 << 20;
    private static final int PAGE_BYTES = 4096;

    private final Path folder;
    private final Stage stage;
    private final long fileBytes;
    private final SplittableRandom random = new SplittableRandom(1);

    /** @param fileBytes how long the file is that is read */
    FileReadProbe(Path folder, Stage stage, long fileBytes) throws IOException {
        this.folder = folder;
        this.stage = stage;
        this.fileBytes = Math.max(DIRECT_BYTES, fileBytes / DIRECT_BYTES * DIRECT_BYTES);
        Pieces pieces = Pieces.of(DIRECT_BYTES);
        try (FileChannel channel =
                FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long i = 0; i < this.fileBytes / DIRECT_BYTES; i++) {
                channel.write(pieces.piece(i));
            }
            channel.force(true);
        }
    }

    @Override
    public Map<Stage, Sample> round(long bytes) throws IOException {
        long amount = Math.min(fileBytes, Math.max(DIRECT_BYTES, bytes / DIRECT_BYTES * DIRECT_BYTES));
        Timer timer = new Timer();
        switch (stage) {
            case DISK_READ -> {
                try (FileChannel channel =
                        FileChannel.open(folder.resolve(NAME), StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
                    readInOrder(channel, Pieces.aligned(DIRECT_BYTES), amount, timer);
                }
            }
            case CACHE_READ -> {
                try (FileChannel channel = FileChannel.open(folder.resolve(NAME), StandardOpenOption.READ)) {
                    readInOrder(channel, Pieces.aligned(CACHED_BYTES), amount, timer);
                }
            }
            case CACHE_READ_RANDOM -> {
                try (FileChannel channel = FileChannel.open(folder.resolve(NAME), StandardOpenOption.READ)) {
                    readAtRandom(channel, amount, timer);
                }
            }
            case CACHE_READ_MAPPED -> touchMapped(amount, timer);
            default -> throw new IllegalStateException("reading a file is no " + stage.label());
        }
        return Map.of(stage, timer.sample(amount));
    }

    private static void readInOrder(FileChannel channel, ByteBuffer into, long amount, Timer timer) throws IOException {
        timer.start();
        for (long at = 0; at < amount; at += into.limit()) {
            fill(channel, into, at);
        }
        timer.stop();
    }

    private void readAtRandom(FileChannel channel, long amount, Timer timer) throws IOException {
        ByteBuffer into = Pieces.aligned(CACHED_BYTES);
        timer.start();
        for (long done = 0; done < amount; done += CACHED_BYTES) {
            fill(channel, into, random.nextLong(fileBytes - CACHED_BYTES + 1));
        }
        timer.stop();
    }

    private static void fill(FileChannel channel, ByteBuffer into, long at) throws IOException {
        into.rewind();
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                throw new IOException("file of the roofline: ends at " + channel.size() + ", want " + at);
            }
        }
    }

    private void touchMapped(long amount, Timer timer) throws IOException {
        try (DiskFile file = new RealDisk(folder, false).open(NAME)) {
            timer.start();
            try (DiskFile.Mapping mapping = file.map(amount)) {
                ByteBuffer bytes = mapping.slice(0, Math.toIntExact(amount));
                int sum = 0;
                for (int at = 0; at < bytes.limit(); at += PAGE_BYTES) {
                    sum += bytes.get(at);
                }
                if (sum == Integer.MIN_VALUE) {
                    throw new IllegalStateException("the sum of " + amount + " bytes cannot be that");
                }
            }
            timer.stop();
        }
    }

    @Override
    public void close() throws IOException {
        Files.delete(folder.resolve(NAME));
    }
}

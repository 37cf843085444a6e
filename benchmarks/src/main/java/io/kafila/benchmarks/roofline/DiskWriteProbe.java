package io.kafila.benchmarks.roofline;

import com.sun.nio.file.ExtendedOpenOption;
import io.kafila.benchmarks.roofline.Setting.StoreWrites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Writes a new file for each round, in pieces as large as the store's groups, forces it and deletes it. */
final class DiskWriteProbe implements Probe {
    private static final int PIECE_BYTES = 8 << 20;

    private final Path file;
    private final StoreWrites writes;
    private final Pieces pieces = Pieces.of(PIECE_BYTES);

    DiskWriteProbe(Path folder, StoreWrites writes) {
        this.file = folder.resolve("written");
        this.writes = writes;
    }

    @Override
    public Map<Stage, Sample> round(long bytes) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        if (writes == StoreWrites.DIRECT) {
            options.add(ExtendedOpenOption.DIRECT);
        }
        long count = Math.max(1, bytes / PIECE_BYTES);
        Timer timer = new Timer();
        try (FileChannel channel = FileChannel.open(file, options)) {
            timer.start();
            for (long i = 0; i < count; i++) {
                ByteBuffer piece = pieces.piece(i);
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
            channel.force(false);
            timer.stop();
        } finally {
            Files.deleteIfExists(file);
        }
        return Map.of(writes.stage(), timer.sample(count * PIECE_BYTES));
    }
}

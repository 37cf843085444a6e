package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.blockstore.DirectReads.Patience;
import io.kafila.blockstore.DirectReads.Range;
import io.kafila.testkit.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DirectReadsTest {
    /** Blocks of this size are larger than what the index keeps a copy of. */
    private static final int BLOCK_BYTES = 40_000;

    private static final RepositoryOptions SMALL = RepositoryOptions.DEFAULT.withSegmentBytes(256 << 10);

    @TempDir
    Path dir;

    private final Random random = new Seed(1).random();

    private List<Block> stored(BlockRepository repository, int count, int sizeBytes) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(Blocks.random(random, sizeBytes));
        }
        await(repository.putAll(blocks));
        return blocks;
    }

    private static boolean read(BlockRepository repository, Block block, int offset, ByteBuffer into) {
        Range range = new Range(block.cid(), block.sizeBytes(), offset, into.remaining());
        return repository.directReads().read(range, into, Patience.DISK);
    }

    private static byte[] part(Block block, int offset, int length) {
        return Arrays.copyOfRange(block.payload().toByteArray(), offset, offset + length);
    }

    @Test
    void read_anyRangeOfAnyBlock_isTheBlocks() {
        for (boolean directIo : new boolean[] {true, false}) {
            try (BlockRepository repository =
                    SegmentRepository.open(dir.resolve("r" + directIo), SMALL.withDirectIo(directIo))) {
                List<Block> blocks = stored(repository, 30, BLOCK_BYTES);
                blocks.addAll(stored(repository, 5, 100));
                for (int i = 0; i < 500; i++) {
                    Block block = blocks.get(random.nextInt(blocks.size()));
                    int offset = random.nextInt(block.sizeBytes() + 1);
                    int length = random.nextInt(block.sizeBytes() - offset + 1);
                    int lead = random.nextInt(3);
                    ByteBuffer into = random.nextBoolean()
                            ? ByteBuffer.allocate(lead + length + 2)
                            : ByteBuffer.allocateDirect(lead + length + 2);
                    Range range = new Range(block.cid(), block.sizeBytes(), offset, length);

                    assertThat(repository.directReads().read(range, into.position(lead), Patience.DISK))
                            .isTrue();
                    assertThat(into.position()).isEqualTo(lead + length);
                    byte[] seen = new byte[length];
                    into.get(lead, seen);
                    assertThat(seen).isEqualTo(part(block, offset, length));
                    assertThat(into.get(lead + length)).as("beyond the range").isZero();
                }
                assertThat(repository.counters().reads()).isEqualTo(500);
            }
        }
    }

    @Test
    void read_withoutPatience_isDoneOnceTheSegmentIsReadOften() {
        try (BlockRepository repository = SegmentRepository.open(dir.resolve("r"), SMALL)) {
            List<Block> blocks = stored(repository, 30, BLOCK_BYTES);
            for (int round = 0; round < 2; round++) {
                for (Block block : blocks) {
                    assertThat(read(repository, block, 0, ByteBuffer.allocate(BLOCK_BYTES)))
                            .isTrue();
                }
            }
            Block first = blocks.get(0);
            ByteBuffer into = ByteBuffer.allocate(1000);
            Range range = new Range(first.cid(), BLOCK_BYTES, 500, 1000);

            assertThat(repository.directReads().read(range, into, Patience.MEMORY))
                    .isTrue();
            assertThat(into.array()).isEqualTo(part(first, 500, 1000));
        }
    }

    @Test
    void read_whatIsNotThatSimple_isLeftToOthers() throws IOException {
        Path file = Files.write(dir.resolve("file"), new byte[BLOCK_BYTES]);
        try (BlockRepository repository = SegmentRepository.open(dir.resolve("r"), SMALL)) {
            Block block = stored(repository, 1, BLOCK_BYTES).get(0);
            Block absent = Blocks.random(random, BLOCK_BYTES);
            Block referenced = Blocks.raw(new byte[BLOCK_BYTES]);
            await(repository.putReferences(List.of(new FileReference(referenced.cid(), file, 0, BLOCK_BYTES))));
            ByteBuffer into = ByteBuffer.allocate(10);

            assertThat(read(repository, absent, 0, into)).isFalse();
            assertThat(read(repository, referenced, 0, into))
                    .as("its hash is checked whenever it is read")
                    .isFalse();
            Range otherSize = new Range(block.cid(), BLOCK_BYTES + 1, 0, 10);
            assertThat(repository.directReads().read(otherSize, into, Patience.DISK))
                    .isFalse();
            assertThat(into.position()).isZero();
            assertThat(read(repository, block, 0, into)).isTrue();

            await(repository.deleteAll(List.of(block.cid())));
            assertThat(read(repository, block, 0, into.clear())).isFalse();
        }
        try (BlockRepository verifying = SegmentRepository.open(dir.resolve("v"), SMALL.withVerifyOnRead(true))) {
            Block block = stored(verifying, 1, BLOCK_BYTES).get(0);
            assertThat(read(verifying, block, 0, ByteBuffer.allocate(10))).isFalse();
        }
        assertThatThrownBy(() -> new Range(Blocks.raw(new byte[1]).cid(), 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Timeout(60)
    void read_whileTheRepositoryIsRepaired_isRefusedToNobody() throws Exception {
        try (BlockRepository repository = SegmentRepository.open(dir.resolve("r"), SMALL)) {
            List<Block> blocks = stored(repository, 60, BLOCK_BYTES);
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random own = new Random(i);
                readers.add(CompletableFuture.runAsync(
                        () -> {
                            while (!over.get()) {
                                Block block = blocks.get(own.nextInt(blocks.size()));
                                if (own.nextBoolean()) {
                                    read(repository, block, 0, ByteBuffer.allocate(own.nextInt(BLOCK_BYTES)));
                                } else {
                                    await(repository.has(block.cid()));
                                }
                            }
                        },
                        task -> new Thread(task).start()));
            }
            for (int i = 0; i < 20; i++) {
                await(repository.repair());
            }
            over.set(true);
            readers.forEach(CompletableFuture::join);
        }
    }

    @Test
    void read_interruptedReaders_disturbNobodyElse() throws Exception {
        try (BlockRepository repository = SegmentRepository.open(dir.resolve("r"), SMALL.withDirectIo(false))) {
            List<Block> blocks = stored(repository, 30, BLOCK_BYTES);
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> victim = new CompletableFuture<>();
            Thread calm = new Thread(() -> {
                try {
                    int reads = 0;
                    for (Random own = new Random(2); !over.get(); reads++) {
                        Block block = blocks.get(own.nextInt(blocks.size()));
                        ByteBuffer into = ByteBuffer.allocate(BLOCK_BYTES);
                        assertThat(read(repository, block, 0, into)).isTrue();
                        assertThat(into.array()).isEqualTo(block.payload().toByteArray());
                    }
                    victim.complete(reads);
                } catch (RuntimeException | AssertionError e) {
                    victim.completeExceptionally(e);
                }
            });
            calm.start();
            int ended = 0;
            for (int i = 0; i < 200; i++) {
                Thread.currentThread().interrupt();
                try {
                    read(repository, blocks.get(i % blocks.size()), 0, ByteBuffer.allocate(BLOCK_BYTES));
                } catch (BlockstoreException e) {
                    assertThat(e).hasCauseInstanceOf(ClosedByInterruptException.class);
                    ended++;
                }
                assertThat(Thread.interrupted()).isTrue();
            }
            over.set(true);

            assertThat(ended).isEqualTo(200);
            assertThat(victim.get()).isPositive();
        }
    }
}

package io.kafila.blockstore.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blocks;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.StorageFullException;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A disk that refuses: nothing is half-stored, every payload is given back once, and the store goes on. */
class FailureTest {
    @Test
    void failedPut_storesNothing_givesPayloadsBack_andTheStoreGoesOn() {
        Seed.each(300, random -> {
            SimulatedMachine machine = new SimulatedMachine(random);
            SimulatedExecutor executor = new SimulatedExecutor(random);
            SimulatedIndex index = new SimulatedIndex(machine);
            SegmentStore store = SegmentStore.open(
                    new SimulatedDisk(machine),
                    index::opened,
                    RepositoryOptions.DEFAULT,
                    new SegmentStore.Executors(executor, executor, executor),
                    () -> {},
                    random);
            AtomicInteger released = new AtomicInteger();
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                blocks.add(block(random, released));
            }
            machine.failOneIn(1);
            CompletableFuture<Void> put = store.putAll(blocks);
            run(executor);
            assertThatThrownBy(put::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .satisfies(e -> assertThat(e)
                            .isInstanceOfAny(StorageFullException.class, BlockstoreException.class)
                            .message()
                            .containsAnyOf("No space left on device", "Input/output error"));
            assertThat(store.counters().writeFailures()).isPositive();
            machine.failOneIn(0);
            for (Block block : blocks) {
                CompletableFuture<Boolean> has = store.has(block.cid());
                run(executor);
                assertThat(has.join()).isFalse();
            }
            CompletableFuture<Void> again = store.putAll(blocks);
            run(executor);
            again.join();
            CompletableFuture<Boolean> has = store.has(blocks.get(5).cid());
            run(executor);
            assertThat(has.join()).isTrue();
            assertThat(released).hasValue(0);
            blocks.forEach(Block::close);
            assertThat(released).as("payloads that are given back").hasValue(6);
            store.close();
        });
    }

    private static Block block(Random random, AtomicInteger released) {
        byte[] bytes = new byte[random.nextInt(5000)];
        random.nextBytes(bytes);
        return new Block(
                Blocks.cid(Multicodec.RAW.code(), bytes),
                Payload.of(List.of(Blocks.direct(bytes)), released::incrementAndGet));
    }

    private static void run(SimulatedExecutor executor) {
        while (executor.runOne()) {
            // Until nothing is left to do.
        }
    }
}

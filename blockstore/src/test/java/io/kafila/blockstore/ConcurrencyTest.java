package io.kafila.blockstore;

import static io.kafila.blockstore.Blocks.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.blockstore.BlockRepository.Lease;
import io.kafila.blockstore.internal.store.SegmentStore;
import io.kafila.multiformats.Cid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Puts, reads, removals, pins and collections at once, on real files. */
class ConcurrencyTest {
    private static final int ROUNDS = Integer.getInteger("kafila.rounds", 60);

    @TempDir
    Path dir;

    @Test
    void everythingAtOnce_pinnedGraphsStayWhole() throws Exception {
        Set<Cid> pinned = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        BlockRepository store = SegmentRepository.open(dir, RepositoryOptions.DEFAULT.withSegmentBytes(1 << 20));
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> adders = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int number = i;
                adders.add(threads.submit(() -> add(store, number, pinned)));
            }
            List<Future<?>> others = List.of(
                    threads.submit(until(stop, () -> await(store.collectGarbage(Blocks::links, cid -> {})))),
                    threads.submit(until(stop, () -> readPinned(store, pinned))),
                    threads.submit(until(stop, () -> putAndDelete(store))));
            for (Future<?> adder : adders) {
                adder.get();
            }
            stop.set(true);
            for (Future<?> other : others) {
                other.get();
            }
            await(store.collectGarbage(Blocks::links, cid -> {}));
            assertThat(readPinned(store, pinned)).isEqualTo(pinned.size());
            assertThat(await(store.verify(result -> {})).corrupt()).isEmpty();
        } finally {
            threads.shutdownNow();
            store.close();
        }
        assertThat(((SegmentStore) store).buffersOut()).isZero();
        try (BlockRepository again = SegmentRepository.open(dir, RepositoryOptions.DEFAULT)) {
            assertThat(readPinned(again, pinned)).isEqualTo(pinned.size());
            await(again.repair());
            assertThat(readPinned(again, pinned)).isEqualTo(pinned.size());
        }
    }

    private static Callable<Void> until(AtomicBoolean stop, Callable<?> work) {
        return () -> {
            while (!stop.get()) {
                work.call();
            }
            return null;
        };
    }

    private static Void add(BlockRepository store, int number, Set<Cid> pinned) {
        Random random = new Random(number);
        for (int round = 0; round < ROUNDS; round++) {
            List<Block> leaves = new ArrayList<>();
            for (int k = 0; k < 8; k++) {
                leaves.add(Blocks.random(random, random.nextInt(40_000)));
            }
            Block root = Blocks.node(
                    number + "/" + round, leaves.stream().map(Block::cid).toList());
            try (Lease lease = store.lease()) {
                assertThat(lease).isNotNull();
                leaves.forEach(leaf -> await(store.put(leaf)));
                await(store.put(root));
                await(store.pins().put(new Pin(root.cid(), PinMode.RECURSIVE, "")));
            }
            if (round % 3 == 0) {
                pinned.add(root.cid());
            } else {
                await(store.pins().remove(root.cid()));
            }
        }
        return null;
    }

    private static int readPinned(BlockRepository store, Set<Cid> pinned) {
        int whole = 0;
        for (Cid root : Set.copyOf(pinned)) {
            Block node = await(store.get(root)).orElseThrow();
            List<Cid> links = Blocks.links(node);
            node.close();
            for (Optional<Block> leaf : await(store.getAll(links))) {
                try (Block block = leaf.orElseThrow()) {
                    assertThat(block.verified()).isTrue();
                }
            }
            whole++;
        }
        return whole;
    }

    private static Void putAndDelete(BlockRepository store) {
        Random random = new Random();
        List<Block> blocks = new ArrayList<>();
        for (int k = 0; k < 10; k++) {
            blocks.add(Blocks.random(random, random.nextInt(60_000)));
        }
        await(store.putAll(blocks));
        await(store.deleteAll(blocks.stream().map(Block::cid).toList()));
        return null;
    }
}

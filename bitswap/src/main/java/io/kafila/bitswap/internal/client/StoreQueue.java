package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.internal.net.Loop;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blockstore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts verified blocks into the store, many at a time: while batches are being made durable, the next one gathers. What
 * waits here is bounded by the budget of received bytes. Confined to the loop.
 */
final class StoreQueue {
    /** One batch is written while another one's force is awaited and a third is formed. */
    private static final int MAX_RUNNING = 2;

    private static final int MAX_BATCH_BLOCKS = 1024;

    /** A quarter of what one peer may send ahead of the store: while two are on their way to the disk, two more can come. */
    private static final long MAX_BATCH_BYTES = 8L * 1024 * 1024;

    private final Blockstore store;
    private final Loop loop;
    private final Deque<Item> waiting = new ArrayDeque<>();
    private int running;
    private long pendingBytes;

    /** A block, which the queue borrows until {@code done} is told of the outcome in the loop. */
    private record Item(Block block, Consumer<@Nullable Throwable> done) {}

    StoreQueue(Blockstore store, Loop loop) {
        this.store = store;
        this.loop = loop;
    }

    void add(Block block, Consumer<@Nullable Throwable> done) {
        waiting.add(new Item(block, done));
        pendingBytes += block.sizeBytes();
    }

    /** The bytes that are not durable yet. */
    long pendingBytes() {
        return pendingBytes;
    }

    /** Starts what can be started; to be called after each bundle of additions. */
    void flush() {
        while (running < MAX_RUNNING && !waiting.isEmpty()) {
            List<Item> batch = new ArrayList<>();
            long bytes = 0;
            while (!waiting.isEmpty() && batch.size() < MAX_BATCH_BLOCKS && bytes < MAX_BATCH_BYTES) {
                Item item = waiting.remove();
                batch.add(item);
                bytes += item.block.sizeBytes();
            }
            running++;
            long batchBytes = bytes;
            store.putAll(batch.stream().map(Item::block).toList())
                    .whenComplete((ignored, error) -> loop.execute(() -> {
                        running--;
                        pendingBytes -= batchBytes;
                        Throwable cause = error instanceof CompletionException && error.getCause() != null
                                ? error.getCause()
                                : error;
                        batch.forEach(item -> item.done.accept(cause));
                    }));
        }
    }
}

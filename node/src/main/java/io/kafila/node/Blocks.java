package io.kafila.node;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import io.kafila.node.internal.Held;
import io.kafila.node.internal.Pull;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Raw blocks: put, get, remove. Thread-safe. */
public final class Blocks {
    private final BlockRepository store;
    private final KafilaNode node;

    Blocks(KafilaNode node, BlockRepository store) {
        this.node = node;
        this.store = store;
    }

    /** The block, fetched where it is not here. The caller owns and closes it. */
    public CompletableFuture<Block> get(Cid cid) {
        BlockSource source = node.source();
        return Held.until(source.get(cid), source::close, Block::close);
    }

    /**
     * Hashes and stores bytes; takes ownership of {@code content}.
     *
     * @return the Cid, once the block is durable
     */
    public CompletableFuture<Cid> put(Payload content, Cid.Prefix prefix) {
        return put(content, prefix, Block.MAX_SIZE_BYTES);
    }

    /**
     * As {@link #put(Payload, Cid.Prefix)} with another bound, of at most {@link Block#MAX_BIG_SIZE_BYTES}. Peers do not get
     * a block of more than {@link Block#MAX_SIZE_BYTES} from this node.
     */
    public CompletableFuture<Cid> put(Payload content, Cid.Prefix prefix, int maxBytes) {
        requireBound(maxBytes);
        int size = content.size();
        if (size > maxBytes) {
            content.close();
            return CompletableFuture.failedFuture(new NodeException("block: " + size + " bytes, want at most "
                    + maxBytes + (maxBytes == Block.MAX_SIZE_BYTES ? " (larger ones cannot be exchanged)" : "")));
        }
        CompletableFuture<Cid> putting = CompletableFuture.supplyAsync(
                        () -> new Block(prefix.cidOf(content), content), node.workers())
                .thenCompose(block -> store.put(block)
                        .thenCompose(nothing -> node.announce(List.of(block.cid())))
                        .thenApply(nothing -> block.cid()));
        // Not when the caller cancels: the content is read until it is stored.
        putting.whenComplete((cid, fault) -> content.close());
        return putting.copy();
    }

    static void requireBound(int maxBytes) {
        if (maxBytes < 0 || maxBytes > Block.MAX_BIG_SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "blocks of " + maxBytes + " bytes, want at most " + Block.MAX_BIG_SIZE_BYTES);
        }
    }

    /** Why each of {@code cids} was not removed, empty where it was; pinned blocks stay. In the order given. */
    public CompletableFuture<Map<Cid, String>> remove(Collection<Cid> cids, boolean ignoreAbsent) {
        return node.pins().how(cids).thenCompose(pinned -> {
            Map<Cid, String> answers = new LinkedHashMap<>();
            CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
            for (Cid cid : cids) {
                Pins.Listed pin = pinned.get(cid);
                if (pin != null) {
                    answers.put(cid, Pins.describe(pin));
                    continue;
                }
                all = all.thenCompose(nothing -> store.has(cid)).thenCompose(present -> {
                    if (!present) {
                        answers.put(cid, ignoreAbsent ? "" : "ipld: could not find " + cid);
                        return CompletableFuture.completedFuture(null);
                    }
                    answers.put(cid, "");
                    return store.deleteAll(List.of(cid));
                });
            }
            return all.thenApply(nothing -> answers);
        });
    }

    /** Every stored block, as a CIDv1 with codec raw, in the order of the multihashes. */
    public CompletableFuture<Void> forEach(Consumer<Cid> each) {
        return Pull.forEach(store.keys(), each);
    }
}

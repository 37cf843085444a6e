package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Payload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Blocks from a source as UnixFS nodes. */
public final class Fetch {
    private Fetch() {}

    /** The node of a Cid; the caller owns it. A Cid that holds its block asks nobody. Cancelling withdraws the want. */
    public static CompletableFuture<UnixfsNode> node(BlockSource source, Cid cid) {
        if (cid.multihash().code() == HashFunction.IDENTITY.code()) {
            try {
                Block block = new Block(cid, Payload.of(cid.multihash().digestBuffer()));
                return CompletableFuture.completedFuture(UnixfsNode.take(block));
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        CompletableFuture<Block> block = source.get(cid);
        CompletableFuture<UnixfsNode> node = new CompletableFuture<>();
        block.whenComplete((found, failure) -> {
            if (failure != null) {
                node.completeExceptionally(cause(failure));
                return;
            }
            try {
                UnixfsNode read = UnixfsNode.take(found);
                if (!node.complete(read)) {
                    read.close();
                }
            } catch (RuntimeException e) {
                node.completeExceptionally(e);
            }
        });
        node.whenComplete((ignored, failure) -> {
            if (node.isCancelled()) {
                block.cancel(false);
            }
        });
        return node;
    }

    /** Gives up a node that was asked for: it is closed if it is there or still comes. */
    static void discard(CompletableFuture<UnixfsNode> node) {
        if (!node.cancel(false) && !node.isCompletedExceptionally()) {
            node.join().close();
        }
    }

    /** What a future failed with, without its wrapping. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}

package io.kafila.node.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.DirectReads;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.blockstore.exchange.Exchange;
import io.kafila.blockstore.exchange.FetchOptions;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.DigestPolicy;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The store first, then the exchange, for one piece of work. Thread-safe.
 *
 * <p>While it is open garbage collection takes nothing that passed through it, so that a slow reader of a fetched file
 * does not find it gone.
 */
public final class NodeBlockSource implements BlockSource {
    private static final byte[] EMPTY = {};

    private final BlockRepository store;
    private final @Nullable Exchange exchange;
    private final FetchOptions options;
    private final BlockRepository.Lease lease;
    /** The store answers in any order; the exchange asks peers in the order in which it is asked. */
    private final InOrder lookups = new InOrder();

    private @Nullable FetchSession session;
    private boolean closed;

    public NodeBlockSource(BlockRepository store, @Nullable Exchange exchange, FetchOptions options) {
        this.store = store;
        this.exchange = exchange;
        this.options = options;
        this.lease = store.lease();
    }

    @Override
    public CompletableFuture<Block> get(Cid cid) {
        CompletableFuture<Block> answer = new CompletableFuture<>();
        InOrder.Turn turn = lookups.begin();
        CompletableFuture<Optional<Block>> stored = store.get(cid);
        stored.whenComplete((found, fault) -> {
            if (fault == null && found.isEmpty()) {
                turn.end(() -> begin(cid, answer));
                return;
            }
            turn.end(() -> {});
            if (fault != null) {
                answer.completeExceptionally(fault);
            } else {
                hand(found.get(), answer);
            }
        });
        return answer;
    }

    @Override
    public DirectReads directReads() {
        return store.directReads();
    }

    private void begin(Cid cid, CompletableFuture<Block> answer) {
        try {
            fetch(cid, answer);
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    private void fetch(Cid cid, CompletableFuture<Block> answer) {
        if (isEmptyBlock(cid)) {
            Block empty = new Block(cid, Payload.empty());
            store.put(empty).whenComplete((nothing, fault) -> {
                if (fault != null) {
                    answer.completeExceptionally(fault);
                } else {
                    hand(empty, answer);
                }
            });
            return;
        }
        FetchSession fetches = session();
        if (fetches == null) {
            answer.completeExceptionally(absence(cid));
            return;
        }
        CompletableFuture<Block> fetched = fetches.fetch(cid);
        answer.whenComplete((block, fault) -> {
            if (answer.isCancelled()) {
                fetched.cancel(false);
            }
        });
        fetched.whenComplete((block, fault) -> {
            if (fault != null) {
                answer.completeExceptionally(fault);
            } else {
                hand(block, answer);
            }
        });
    }

    /** Why there is no block where no peer can be asked; a digest that proves nothing is refused as it is with peers. */
    private static RuntimeException absence(Cid cid) {
        try {
            DigestPolicy.check(cid);
            return new BlockNotFoundException(cid);
        } catch (MultiformatException e) {
            return e;
        }
    }

    /** Whether this is a block without bytes. Nobody needs to be asked for it, and boxo (0.40) never gives it when asked. */
    private static boolean isEmptyBlock(Cid cid) {
        Multihash hash = cid.multihash();
        return HashFunction.byCode(hash.code())
                .filter(function -> hash.length() <= function.maxLength())
                .filter(function -> function.digest(EMPTY, hash.length()).equals(hash))
                .isPresent();
    }

    /** Gives the block to whoever waits, or back where nobody does any more. */
    private static void hand(Block block, CompletableFuture<Block> answer) {
        if (!answer.complete(block)) {
            block.close();
        }
    }

    /** The session, opened with the first block that is not here: local reads cost the network nothing. */
    private synchronized @Nullable FetchSession session() {
        if (session == null && exchange != null && !closed) {
            session = exchange.newSession(options);
        }
        return session;
    }

    @Override
    public void close() {
        FetchSession open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = session;
            session = null;
        }
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            lease.close();
        }
    }
}

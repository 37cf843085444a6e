package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.BitswapException;
import io.kafila.bitswap.internal.wire.WantType;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.DigestPolicy;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A session as its user sees it: futures outside, the {@link Session} brain inside. Public methods are thread-safe. */
final class ClientSession implements FetchSession, SessionOutput {
    /** One that waits for a block. */
    record Waiter(ClientSession session, Cid cid, CompletableFuture<Block> future) {}

    private final Client client;
    private final Session brain;
    // Confined to the loop, as is everything below.
    private final Map<Multihash, List<Waiter>> waiters = new HashMap<>();
    private boolean closed;

    ClientSession(Client client, SessionOptions options) {
        this.client = client;
        this.brain = new Session(options, this);
    }

    @Override
    public CompletableFuture<Block> fetch(Cid cid) {
        CompletableFuture<Block> future = new CompletableFuture<>();
        try {
            DigestPolicy.check(cid);
        } catch (MultiformatException e) {
            future.completeExceptionally(e);
            return future;
        }
        if (cid.multihash().code() == HashFunction.IDENTITY.code()) {
            future.complete(new Block(cid, Payload.of(cid.multihash().digest())));
            return future;
        }
        future.whenComplete((block, error) -> {
            if (future.isCancelled()) {
                client.loop().execute(() -> withdraw(cid.multihash(), future));
            }
        });
        client.loop().execute(() -> start(new Waiter(this, cid, future)));
        return future;
    }

    @Override
    public void close() {
        client.loop().execute(this::end);
    }

    /** The time as the brain sees it. */
    long now() {
        return client.clock().now();
    }

    Session brain() {
        return brain;
    }

    private void start(Waiter waiter) {
        if (closed || client.isClosed()) {
            waiter.future.completeExceptionally(new BitswapException("fetch of " + waiter.cid + ": session is closed"));
            return;
        }
        if (waiter.future.isDone() || client.joinStoring(waiter)) {
            return;
        }
        Multihash key = waiter.cid.multihash();
        waiters.computeIfAbsent(key, ignored -> new ArrayList<>(1)).add(waiter);
        brain.want(waiter.cid, now());
        client.register(key, waiter.cid, this);
    }

    private void withdraw(Multihash key, CompletableFuture<Block> future) {
        List<Waiter> all = waiters.get(key);
        if (all != null && all.removeIf(waiter -> waiter.future == future) && all.isEmpty()) {
            waiters.remove(key);
            brain.cancel(key);
            client.unregister(key, this);
        }
    }

    /** Those who wait for a block that has come. */
    List<Waiter> takeWaiters(Multihash key) {
        List<Waiter> taken = waiters.remove(key);
        return taken == null ? List.of() : taken;
    }

    void end() {
        if (closed) {
            return;
        }
        closed = true;
        List<Waiter> left = new ArrayList<>();
        waiters.forEach((key, all) -> {
            left.addAll(all);
            brain.cancel(key);
            client.unregister(key, this);
        });
        waiters.clear();
        client.sessionClosed(this);
        client.complete(() -> left.forEach(waiter -> waiter.future.completeExceptionally(
                new BitswapException("fetch of " + waiter.cid + ": session was closed"))));
    }

    // What the brain wants done

    @Override
    public void wantHave(PeerId peer, Cid cid) {
        client.want(this, peer, cid, WantType.HAVE);
    }

    @Override
    public void wantBlock(PeerId peer, Cid cid) {
        client.want(this, peer, cid, WantType.BLOCK);
    }

    @Override
    public void cancel(PeerId peer, Cid cid) {
        client.cancel(this, peer, cid);
    }

    @Override
    public void findProviders(Cid cid) {
        client.findProviders(this, cid);
    }

    @Override
    public void reconnect(PeerId peer) {
        client.reconnect(peer);
    }
}

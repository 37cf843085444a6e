package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.BitswapCounters;
import io.kafila.bitswap.BitswapOptions;
import io.kafila.bitswap.internal.client.ClientSession.Waiter;
import io.kafila.bitswap.internal.net.Accounts;
import io.kafila.bitswap.internal.net.InboundMessage;
import io.kafila.bitswap.internal.net.Loop;
import io.kafila.bitswap.internal.net.Network;
import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.Presence;
import io.kafila.bitswap.internal.wire.WantType;
import io.kafila.bitswap.internal.wire.WireBlock;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.Blockstore;
import io.kafila.blockstore.exchange.FetchOptions;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the sessions: connects their wishes to streams, the worker pool, the store and the routing, and tells them what
 * happens. Confined to the loop but for {@link #newSession}.
 */
public final class Client {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    /** How often sessions look at the time while they want something. */
    private static final long TICK_NANOS = 20_000_000L;

    private static final long SEARCH_SECONDS = 30;

    private final Host host;
    private final ContentRouting routing;
    private final BitswapOptions options;
    private final SessionOptions sessionOptions;
    private final Loop loop;
    private final Executor workers;
    private final Accounts accounts;
    private final Consumer<Cid> onStored;
    private final Blockstore store;
    private final StoreQueue storeQueue;

    private final Set<ClientSession> sessions = new LinkedHashSet<>();
    private final ClientPeers peers;
    private final Map<Multihash, Wanted> wanted = new LinkedHashMap<>();
    private final Map<Multihash, Arrival> arrivals = new HashMap<>();

    private final SessionClock clock;
    private boolean ticking;
    private boolean closed;

    /** A block that sessions are after. */
    private record Wanted(Cid cid, Set<ClientSession> sessions) {}

    /** A block that has come, who waits for it, and whose budgets it burdens. */
    private record Arrival(int sizeBytes, List<Waiter> waiters, Set<ClientSession> burdened) {}

    /** @param onStored told, in the loop, of every block that is durable, so that peers who want it get it */
    public Client(
            Host host,
            Blockstore store,
            ContentRouting routing,
            BitswapOptions options,
            Loop loop,
            Executor workers,
            Network network,
            BitswapCounters counters,
            Accounts accounts,
            Consumer<Cid> onStored) {
        this.host = host;
        this.store = store;
        this.routing = routing;
        this.options = options;
        this.sessionOptions = new SessionOptions(
                FetchOptions.DEFAULT.budgetBytes(),
                options.searchDelay().toNanos(),
                options.minTimeout().toNanos(),
                options.maxTimeout().toNanos());
        this.loop = loop;
        this.workers = workers;
        this.peers = new ClientPeers(host, options, loop, network, counters, accounts, sessions);
        this.accounts = accounts;
        this.onStored = onStored;
        this.storeQueue = new StoreQueue(store, loop);
        this.clock = new SessionClock(loop::now, options.maxReceivedBytesPerPeer() / 2);
    }

    Loop loop() {
        return loop;
    }

    SessionClock clock() {
        return clock;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the peer was asked for something since it is connected. From any thread. */
    public boolean hasAsked(PeerId peer) {
        return peers.hasAsked(peer);
    }

    // Sessions

    public FetchSession newSession(FetchOptions fetch) {
        ClientSession session = new ClientSession(this, sessionOptions.withBudget(fetch.budgetBytes()));
        loop.execute(() -> open(session));
        return session;
    }

    private void open(ClientSession session) {
        if (closed) {
            session.end();
            return;
        }
        sessions.add(session);
        peers.introduce(session);
    }

    void sessionClosed(ClientSession session) {
        sessions.remove(session);
    }

    void register(Multihash key, Cid cid, ClientSession session) {
        wanted.computeIfAbsent(key, ignored -> new Wanted(cid, new LinkedHashSet<>()))
                .sessions
                .add(session);
        tick();
    }

    void unregister(Multihash key, ClientSession session) {
        Wanted entry = wanted.get(key);
        if (entry != null && entry.sessions.remove(session) && entry.sessions.isEmpty()) {
            wanted.remove(key);
        }
    }

    /** Lets a fetch wait for a block that is verified and on its way to the store. */
    boolean joinStoring(Waiter waiter) {
        Arrival arrival = arrivals.get(waiter.cid().multihash());
        return arrival != null && arrival.waiters.add(waiter);
    }

    /** What is wanted now. */
    public List<Cid> wantlist() {
        return wanted.values().stream().map(Wanted::cid).toList();
    }

    private void tick() {
        if (!ticking && !closed && !wanted.isEmpty()) {
            ticking = true;
            loop.schedule(TICK_NANOS, () -> {
                ticking = false;
                tick();
            });
        }
    }

    /** Draws the conclusions of a bundle of events; the loop calls it after each. */
    public void afterBundle() {
        storeQueue.flush();
        clock.update(storeQueue.pendingBytes());
        long now = clock.now();
        for (ClientSession session : sessions) {
            if (!session.brain().isIdle()) {
                session.brain().advance(now);
            }
        }
        peers.flush();
    }

    // Peers

    /** A connection was opened, or a peer has shown that it speaks bitswap. */
    public void connected(PeerId id) {
        peers.connected(id);
    }

    /** A peer has no connection any more. */
    public void disconnected(PeerId id) {
        peers.disconnected(id);
    }

    // What sessions want

    void want(ClientSession session, PeerId id, Cid cid, WantType type) {
        peers.want(session, id, cid, type);
    }

    void cancel(ClientSession session, PeerId id, Cid cid) {
        peers.cancel(session, id, cid);
    }

    void findProviders(ClientSession session, Cid cid) {
        CompletableFuture<Void> search = routing.findProviders(
                cid, options.maxProviders(), provider -> loop.execute(() -> found(session, cid, provider)));
        search.copy().orTimeout(SEARCH_SECONDS, TimeUnit.SECONDS).whenComplete((ignored, error) -> {
            search.cancel(true);
            loop.execute(() -> session.brain().searchEnded(clock.now()));
        });
    }

    private void found(ClientSession session, Cid cid, Provider provider) {
        PeerId id = provider.peer();
        if (closed || id.equals(host.peerId()) || peers.isClosed(id)) {
            return;
        }
        session.brain().providerFound(id, cid.multihash());
        if (!host.connections(id).isEmpty()) {
            connected(id);
            return;
        }
        dial(id, provider.addresses());
    }

    /** Dials a peer again by the addresses that are known of it. */
    void reconnect(PeerId id) {
        if (!closed && !peers.isClosed(id) && host.connections(id).isEmpty()) {
            dial(id, List.of());
        }
    }

    private void dial(PeerId id, List<Multiaddr> addresses) {
        host.connect(id, addresses).whenComplete((connection, error) -> {
            if (error != null) {
                LOG.debug("bitswap: {} not reached: {}", id, error.toString());
            } else {
                loop.execute(() -> connected(id));
            }
        });
    }

    // What peers say

    /** Takes over a message. */
    public void receive(InboundMessage inbound) {
        Message message = inbound.message();
        PeerId id = inbound.peer();
        if (peers.isClosed(id)) {
            inbound.discard();
            return;
        }
        // A peer that talks bitswap can be asked, whatever kept it from being so before.
        peers.connected(id);
        ClientPeer peer = peers.get(id);
        long now = clock.now();
        for (Presence presence : message.presences()) {
            Multihash key = presence.cid().multihash();
            if (peer == null) {
                break;
            }
            for (ClientSession session : peer.sessions(key)) {
                if (presence.has()) {
                    session.brain().have(id, key, now);
                } else {
                    session.brain().dontHave(id, key, now);
                }
            }
        }
        if (message.blocks().isEmpty()) {
            inbound.close();
        } else if (peer == null || peer.neverAsked()) {
            // Nothing it sends can be wanted, so nothing needs to be hashed.
            message.blocks().forEach(block -> peers.unwanted(id));
            inbound.discard();
        } else {
            verify(inbound, peer);
        }
    }

    private void verify(InboundMessage inbound, ClientPeer peer) {
        List<WireBlock> worth = new ArrayList<>();
        for (WireBlock block : inbound.message().blocks()) {
            if (peer.mayWant(block.prefix().hashFunction(), block.prefix().hashLength())) {
                worth.add(block);
            } else {
                block.close();
                peers.unwanted(peer.id);
            }
        }
        if (worth.isEmpty()) {
            inbound.close();
            return;
        }
        try {
            workers.execute(() -> {
                List<Block> blocks = new ArrayList<>(worth.size());
                for (WireBlock block : worth) {
                    named(block).ifPresent(blocks::add);
                }
                loop.execute(() -> verified(inbound, blocks, worth.size() - blocks.size()));
            });
        } catch (RejectedExecutionException e) {
            // The exchange is closing.
            worth.forEach(WireBlock::close);
            inbound.close();
        }
    }

    /** The block by the name that its bytes give it; one to which they give none is let go. */
    private static Optional<Block> named(WireBlock block) {
        try {
            return Optional.of(new Block(block.prefix().cidOf(block.data()), block.data()));
        } catch (RuntimeException | Error e) {
            LOG.debug("bitswap: a block cannot be named: {}", e.toString());
            block.close();
            return Optional.empty();
        }
    }

    /** @param unnamed how many blocks of the message have no name */
    private void verified(InboundMessage inbound, List<Block> blocks, int unnamed) {
        for (int i = 0; i < unnamed; i++) {
            peers.unwanted(inbound.peer());
        }
        if (blocks.isEmpty()) {
            inbound.close();
            return;
        }
        // The share of the budget goes back when the last block is stored or dropped.
        AtomicInteger left = new AtomicInteger(blocks.size());
        for (Block block : blocks) {
            accept(inbound, block, () -> {
                block.close();
                if (left.decrementAndGet() == 0) {
                    inbound.close();
                }
            });
        }
    }

    private void accept(InboundMessage inbound, Block block, Runnable done) {
        PeerId id = inbound.peer();
        ClientPeer peer = peers.get(id);
        Multihash key = block.cid().multihash();
        Wanted entry = wanted.get(key);
        if (peer == null || (!peer.wants(key) && peer.remembers(key)) || (peer.wants(key) && entry == null)) {
            // Late, or from somebody who has just gone.
            accounts.received(id, block.sizeBytes(), true);
            done.run();
            return;
        }
        if (entry == null || !peer.wants(key)) {
            peers.unwanted(id);
            done.run();
            return;
        }
        accounts.received(id, block.sizeBytes(), false);
        peers.answered(peer, key);
        Arrival arrival = received(id, key, block.sizeBytes(), inbound.arrivedAt());
        arrivals.put(key, arrival);
        storeQueue.add(block, error -> {
            arrivals.remove(key);
            if (error == null) {
                onStored.accept(block.cid());
            }
            deliver(arrival, block.payload(), error);
            done.run();
        });
    }

    /** Tells the sessions that a block is here. */
    private Arrival received(@Nullable PeerId from, Multihash key, int sizeBytes, long arrivedAt) {
        Arrival arrival = new Arrival(sizeBytes, new ArrayList<>(1), new LinkedHashSet<>());
        Wanted entry = wanted.remove(key);
        if (entry != null) {
            for (ClientSession session : entry.sessions) {
                if (session.brain().received(from, key, sizeBytes, clock.at(arrivedAt))) {
                    arrival.burdened.add(session);
                }
                arrival.waiters.addAll(session.takeWaiters(key));
            }
        }
        return arrival;
    }

    private void deliver(Arrival arrival, Payload payload, @Nullable Throwable error) {
        arrival.burdened.forEach(session -> session.brain().delivered(arrival.sizeBytes));
        payload.retain();
        complete(() -> {
            for (Waiter waiter : arrival.waiters) {
                if (error != null) {
                    waiter.future().completeExceptionally(error);
                    continue;
                }
                // One waiter of each session carries the burden until it lets go of the block.
                boolean burden = arrival.burdened.remove(waiter.session());
                Block block = new Block(
                        waiter.cid(),
                        burden ? released(payload, waiter.session(), arrival.sizeBytes) : payload.retain());
                if (!waiter.future().complete(block)) {
                    block.close();
                }
            }
            arrival.burdened.forEach(session -> released(session, arrival.sizeBytes));
            payload.close();
        });
    }

    /** The payload as one that tells the session of its end. */
    private Payload released(Payload payload, ClientSession session, int sizeBytes) {
        payload.retain();
        return Payload.of(payload.buffers(), () -> {
            payload.close();
            released(session, sizeBytes);
        });
    }

    private void released(ClientSession session, int sizeBytes) {
        loop.execute(() -> session.brain().released(sizeBytes));
    }

    /** Completes futures off the loop: what hangs on them may take a while. */
    void complete(Runnable completion) {
        try {
            workers.execute(completion);
        } catch (RejectedExecutionException e) {
            completion.run();
        }
    }

    /** Blocks have appeared in the store by other means. */
    public void appeared(Collection<Cid> cids) {
        Set<Multihash> seen = new HashSet<>();
        for (Cid cid : cids) {
            if (wanted.containsKey(cid.multihash()) && seen.add(cid.multihash())) {
                store.get(cid)
                        .whenComplete((found, error) -> loop.execute(() -> {
                            if (error == null && found.isPresent()) {
                                try (Block block = found.get()) {
                                    Arrival arrival = received(null, cid.multihash(), block.sizeBytes(), loop.now());
                                    deliver(arrival, block.payload(), null);
                                }
                            }
                        }));
            }
        }
    }

    /** Ends all sessions and says nothing more to anyone. */
    public void close() {
        if (closed) {
            return;
        }
        List.copyOf(sessions).forEach(ClientSession::end);
        closed = true;
        peers.close();
    }
}

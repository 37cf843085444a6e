package io.kafila.bitswap;

import io.kafila.bitswap.internal.client.Client;
import io.kafila.bitswap.internal.net.Accounts;
import io.kafila.bitswap.internal.net.ByteBudget;
import io.kafila.bitswap.internal.net.InboundMessage;
import io.kafila.bitswap.internal.net.Loop;
import io.kafila.bitswap.internal.net.Network;
import io.kafila.bitswap.internal.server.Server;
import io.kafila.bitswap.internal.wire.BlockMemory;
import io.kafila.bitswap.internal.wire.Message;
import io.kafila.blockstore.Blockstore;
import io.kafila.blockstore.WriteBuffer;
import io.kafila.blockstore.exchange.Exchange;
import io.kafila.blockstore.exchange.FetchOptions;
import io.kafila.blockstore.exchange.FetchSession;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionListener;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The exchange of blocks with peers, over the streams of a {@link Host}: fetches what is wanted into a {@link Blockstore}
 * and serves what is in it. It works from construction until {@link #close}.
 *
 * <p>Thread-safe. The futures of {@link FetchSession#fetch} complete on the worker threads; what hangs on them may compute
 * but must not wait for another fetch. Queries such as {@link #stat} wait briefly for the exchange's own thread.
 */
public final class Bitswap implements Exchange {
    /** How long the closing exchange waits for its threads, each. */
    private static final long CLOSE_SECONDS = 5;

    private final Host host;
    private final Blockstore store;
    private final Loop loop;
    private final Client client;
    private final Server server;
    private final Network network;
    private final BitswapCounters counters = new BitswapCounters();
    private final Accounts accounts = new Accounts(counters);
    private final ConnectionListener listener = new Connections();
    private final Runnable stopThreads;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** An exchange with threads of its own: one loop and {@link BitswapOptions#workerThreads} that hash. */
    public Bitswap(Host host, Blockstore store, ContentRouting routing, BitswapOptions options) {
        this(host, store, routing, options, OwnThreads.start(options));
    }

    private Bitswap(Host host, Blockstore store, ContentRouting routing, BitswapOptions options, OwnThreads threads) {
        this(host, store, routing, options, threads.loop, threads.workers, System::nanoTime, threads::stop);
    }

    /**
     * An exchange on the caller's threads, which the caller stops after it.
     *
     * @param loop runs the exchange's state, one task at a time; nothing in it blocks
     * @param workers hash blocks and complete futures
     * @param nanoTime a clock that never goes back
     */
    public Bitswap(
            Host host,
            Blockstore store,
            ContentRouting routing,
            BitswapOptions options,
            ScheduledExecutorService loop,
            ExecutorService workers,
            LongSupplier nanoTime) {
        this(host, store, routing, options, loop, workers, nanoTime, () -> {});
    }

    private Bitswap(
            Host host,
            Blockstore store,
            ContentRouting routing,
            BitswapOptions options,
            ScheduledExecutorService executor,
            ExecutorService workers,
            LongSupplier nanoTime,
            Runnable stopThreads) {
        this.host = host;
        this.store = store;
        this.stopThreads = stopThreads;
        this.loop = new Loop(executor, nanoTime);
        ByteBudget budget = new ByteBudget(options.maxReceivedBytes(), options.maxReceivedBytesPerPeer());
        this.network = new Network(
                host, loop, budget, options.maxInboundStreamsPerPeer(), counters, this::memoryFor, this::receive);
        this.server = new Server(host, store, options, loop, network, counters, accounts);
        this.client = new Client(
                host,
                store,
                routing,
                options,
                loop,
                workers,
                network,
                counters,
                accounts,
                cid -> this.server.added(List.of(cid)));
        loop.afterBundle(client::afterBundle);
        loop.afterBundle(server::afterBundle);
        host.addListener(listener);
        network.start();
    }

    /** Only who was asked for blocks: others have none that will be stored, and could hold the memory of those who do. */
    private BlockMemory memoryFor(PeerId peer) {
        return sizeBytes -> client.hasAsked(peer) ? lent(sizeBytes) : null;
    }

    private @Nullable WriteBuffer lent(int sizeBytes) {
        WriteBuffer buffer = store.writeBuffer(sizeBytes);
        if (buffer == null) {
            counters.blockWithoutMemory();
        }
        return buffer;
    }

    @Override
    public FetchSession newSession(FetchOptions options) {
        return client.newSession(options);
    }

    /** Says that blocks have come into the store by other means: peers who want them get them, sessions too. */
    public void notifyNewBlocks(Collection<Cid> cids) {
        List<Cid> copy = List.copyOf(cids);
        loop.execute(() -> {
            server.added(copy);
            client.appeared(copy);
        });
    }

    /** What this node wants of others now. */
    public List<Cid> wantlist() {
        return loop.ask(client::wantlist, List.of());
    }

    /** What a peer wants of this node, the most urgent first. */
    public List<Cid> wantlist(PeerId peer) {
        return loop.ask(() -> server.wantlist(peer), List.of());
    }

    public BitswapLedger ledger(PeerId peer) {
        return accounts.ledger(peer);
    }

    public BitswapStat stat() {
        List<PeerId> peers = host.connections().stream()
                .map(Connection::remotePeer)
                .distinct()
                .filter(this::isPartner)
                .toList();
        return new BitswapStat(
                0,
                wantlist(),
                peers,
                counters.blocksReceived(),
                counters.blockBytesReceived(),
                counters.blocksSent(),
                counters.blockBytesSent(),
                counters.duplicateBlocks(),
                counters.duplicateBytes(),
                counters.messagesReceived(),
                accounts.stats());
    }

    /** Whether a peer speaks bitswap, as far as is known. */
    private boolean isPartner(PeerId peer) {
        Optional<IdentifyInfo> info = host.peerstore().info(peer);
        return network.streams(peer) > 0
                || (info.isPresent() && info.get().protocols().stream().anyMatch(id -> id.startsWith("/ipfs/bitswap")));
    }

    public BitswapCounters counters() {
        return counters;
    }

    /** Fails all fetches, stops serving and gives back the exchange's own threads. The host and the store stay open. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        host.removeListener(listener);
        network.close();
        loop.ask(
                () -> {
                    client.close();
                    server.close();
                    return true;
                },
                false);
        loop.close();
        stopThreads.run();
    }

    private void receive(InboundMessage inbound) {
        Message message = inbound.message();
        boolean wants = !message.wants().isEmpty() || message.full();
        boolean answers = !message.blocks().isEmpty() || !message.presences().isEmpty();
        if (host.connections(inbound.peer()).isEmpty()) {
            // It was read after its peer had gone: nobody would forget its wants.
            wants = false;
        }
        if (answers || !wants) {
            if (wants) {
                // Nobody sends both at once but for old peers; the server has its part without a share of the budget.
                server.receive(inbound.wantsOnly());
            }
            client.receive(inbound);
        } else {
            server.receive(inbound);
        }
    }

    private void gone(PeerId peer) {
        if (host.connections(peer).isEmpty()) {
            client.disconnected(peer);
            server.lost(peer);
        }
    }

    /** Hears of connections in event loops and passes it on to the loop. */
    private final class Connections implements ConnectionListener {
        @Override
        public void onConnected(Connection connection) {
            loop.execute(() -> client.connected(connection.remotePeer()));
        }

        @Override
        public void onIdentified(Connection connection, IdentifyInfo info) {
            loop.execute(() -> client.connected(connection.remotePeer()));
        }

        @Override
        public void onDisconnected(Connection connection) {
            loop.execute(() -> gone(connection.remotePeer()));
        }
    }

    /** The threads of an exchange that was given none. */
    private record OwnThreads(ScheduledExecutorService loop, ExecutorService workers) {
        static OwnThreads start(BitswapOptions options) {
            ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1, named("bitswap-loop"));
            // A timer that has not rung by the end has nothing to say any more.
            loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            return new OwnThreads(loop, Executors.newFixedThreadPool(options.workerThreads(), named("bitswap-worker")));
        }

        private static ThreadFactory named(String name) {
            AtomicInteger count = new AtomicInteger();
            return task -> {
                Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            };
        }

        void stop() {
            stop(workers);
            stop(loop);
        }

        private static void stop(ExecutorService executor) {
            executor.shutdown();
            try {
                if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    executor.shutdownNow();
                }
            } catch (InterruptedException e) {
                executor.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }
}

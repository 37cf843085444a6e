package io.kafila.dht.internal;

import io.kafila.dht.Dht;
import io.kafila.dht.DhtException;
import io.kafila.dht.DhtMode;
import io.kafila.dht.DhtOptions;
import io.kafila.dht.DhtTable;
import io.kafila.dht.QueryEvent;
import io.kafila.dht.RecordValidator;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.net.AddressKinds;
import io.kafila.dht.internal.net.LoopThread;
import io.kafila.dht.internal.net.Reachability;
import io.kafila.dht.internal.node.Kademlia;
import io.kafila.dht.internal.node.KademliaOptions;
import io.kafila.dht.internal.records.PublicKeyValidator;
import io.kafila.dht.internal.records.Validators;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.ConnectionListener;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public and the local DHT of a host on one thread, and one more for the disk. Learns of servers from identify. Thread-safe.
 */
public final class DualDht implements Dht {
    private static final Logger LOG = LoggerFactory.getLogger(DualDht.class);
    private static final long MODE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long CLOSE_SECONDS = 5;

    /** How long a query waits while nobody is known and somebody may come. */
    private static final long FIRST_SERVER_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(20).toNanos();

    private final Host host;
    private final DhtMode mode;
    private final ScheduledExecutorService loopExecutor;
    private final ExecutorService disk;
    private final LoopThread loop;
    private final Validators validators;
    private final OneDht wan;
    private final OneDht lan;
    private final BootstrapDialing bootstrap;
    private final Reachability reachability = new Reachability();
    private final ConnectionListener listener = new Listener();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int usualBits = 256;

    /** Joins over a host. */
    public static DualDht start(Host host, DhtOptions options) {
        DualDht dht = new DualDht(host, options);
        dht.loop.execute(dht::begin);
        return dht;
    }

    private DualDht(Host host, DhtOptions options) {
        this.host = host;
        this.mode = options.mode();
        this.loopExecutor = Executors.newSingleThreadScheduledExecutor(threads("kafila-dht"));
        this.disk = Executors.newSingleThreadExecutor(threads("kafila-dht-disk"));
        this.loop = new LoopThread(loopExecutor, System::nanoTime, Clock.systemUTC());
        List<RecordValidator> all = new ArrayList<>(options.validators());
        all.add(new PublicKeyValidator());
        this.validators = new Validators(all);
        this.wan = new OneDht(
                host,
                WAN_PROTOCOL,
                KademliaOptions.wan(AddressKinds::isPublic),
                loop,
                disk,
                options.datastores().apply("dht-wan"),
                validators,
                new Random());
        this.lan = new OneDht(
                host,
                LAN_PROTOCOL,
                KademliaOptions.lan(options.loopbackOnLan() ? address -> true : AddressKinds::isOfLan),
                loop,
                disk,
                options.datastores().apply("dht-lan"),
                validators,
                new Random());
        this.bootstrap = new BootstrapDialing(loop, host::connect, this::size, options.bootstrap());
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private void begin() {
        updateMode();
        lan.serve(mode != DhtMode.CLIENT);
        wan.start();
        lan.start();
        host.addListener(listener);
        for (Connection connection : host.connections()) {
            connection.identified().whenComplete((info, error) -> {
                if (error == null) {
                    listener.onIdentified(connection, info);
                }
            });
        }
        bootstrap.start();
    }

    private void updateMode() {
        boolean serve = switch (mode) {
            case CLIENT -> false;
            case SERVER -> true;
            case AUTO -> reachability.isPublic(host.addresses());
        };
        if (serve != wan.kademlia.isServing()) {
            LOG.debug("dht: {} of the public network now", serve ? "server" : "client");
        }
        wan.serve(serve);
        if (!closed.get()) {
            loop.schedule(MODE_NANOS, this::updateMode);
        }
    }

    private final class Listener implements ConnectionListener {
        @Override
        public void onConnected(Connection connection) {
            if (connection.direction() == Connection.Direction.INBOUND) {
                loop.execute(() -> reachability.onInbound(connection.remoteAddress()));
            }
        }

        @Override
        public void onIdentified(Connection connection, IdentifyInfo info) {
            loop.execute(() -> learn(connection, info));
        }
    }

    private void learn(Connection connection, IdentifyInfo info) {
        if (closed.get()) {
            return;
        }
        PeerId peer = connection.remotePeer();
        Set<Multiaddr> addresses = new LinkedHashSet<>();
        if (connection.direction() == Connection.Direction.OUTBOUND) {
            addresses.add(connection.remoteAddress().withoutPeerId()); // one that is proved to lead there
        }
        info.listenAddresses().forEach(each -> addresses.add(each.withoutPeerId()));
        boolean local = AddressKinds.isLocalConnection(connection.remoteAddress());
        learn(wan, info.protocols().contains(WAN_PROTOCOL), peer, addresses);
        learn(lan, local && info.protocols().contains(LAN_PROTOCOL), peer, addresses);
    }

    private static void learn(OneDht dht, boolean serves, PeerId peer, Set<Multiaddr> addresses) {
        if (serves) {
            dht.kademlia.onServer(peer, addresses);
        } else {
            dht.kademlia.onNoServer(peer);
        }
    }

    @Override
    public CompletableFuture<Void> findProviders(
            Multihash content, int limit, Consumer<Provider> found, Consumer<QueryEvent> events) {
        return inLoopOnceKnown(result -> {
            Set<PeerId> seen = new HashSet<>();
            Consumer<Provider> once = provider -> {
                if (seen.size() < limit && seen.add(provider.peer())) {
                    found.accept(provider);
                    if (seen.size() == limit) {
                        result.complete(null);
                    }
                }
            };
            CompletableFuture<Void> far = wan.kademlia.findProviders(content, limit, once, events);
            CompletableFuture<Void> near = lan.kademlia.findProviders(content, limit, once, events);
            result.whenComplete((done, error) -> {
                far.cancel(false);
                near.cancel(false);
            });
            return CompletableFuture.allOf(far, near);
        });
    }

    @Override
    public CompletableFuture<Optional<Provider>> findPeer(PeerId peer, Consumer<QueryEvent> events) {
        return inLoopOnceKnown(result -> {
            CompletableFuture<Optional<Provider>> far = wan.kademlia.findPeer(peer, events);
            CompletableFuture<Optional<Provider>> near = lan.kademlia.findPeer(peer, events);
            for (CompletableFuture<Optional<Provider>> each : List.of(far, near)) {
                each.thenAccept(found -> {
                    if (found.isPresent()) {
                        result.complete(found);
                    }
                });
                result.whenComplete((done, error) -> each.cancel(false));
            }
            return far.thenCombine(near, (one, other) -> one.isPresent() ? one : other);
        });
    }

    @Override
    public CompletableFuture<List<Provider>> closestPeers(byte[] name, Consumer<QueryEvent> events) {
        return inLoop(result -> {
            CompletableFuture<List<Contact>> query = active().closestPeers(name, events);
            result.whenComplete((done, error) -> query.cancel(false));
            return query.thenApply(
                    nearest -> nearest.stream().map(Contact::toProvider).toList());
        });
    }

    @Override
    public CompletableFuture<List<Provider>> closestPeers(byte[] name) {
        return inLoop(result -> {
            usualBits = active().usualBits();
            CompletableFuture<List<Contact>> query = active().holders(name, event -> {});
            result.whenComplete((done, error) -> query.cancel(false));
            return query.thenApply(
                    nearest -> nearest.stream().map(Contact::toProvider).toList());
        });
    }

    /** {@inheritDoc} As of the last {@link #closestPeers(byte[])}. */
    @Override
    public int usualBits() {
        return usualBits;
    }

    @Override
    public CompletableFuture<Void> announce(Provider to, Collection<Multihash> keys) {
        return inLoop(result -> active().announce(to, keys));
    }

    @Override
    public CompletableFuture<Integer> provide(Multihash content, Consumer<QueryEvent> events) {
        return inLoop(result -> {
            CompletableFuture<Integer> telling = active().provide(content, events);
            result.whenComplete((done, error) -> telling.cancel(false));
            return telling;
        });
    }

    @Override
    public CompletableFuture<Integer> putValue(byte[] key, byte[] value, Consumer<QueryEvent> events) {
        return inLoop(result -> active().putValue(key, value, events));
    }

    @Override
    public CompletableFuture<Optional<byte[]>> searchValue(
            byte[] key, int quorum, Consumer<byte[]> better, Consumer<QueryEvent> events) {
        return inLoopOnceKnown(result -> {
            List<byte[]> best = new ArrayList<>(1);
            Consumer<byte[]> bestOfBoth = value -> {
                if (best.isEmpty() || validators.select(key, List.of(best.get(0), value)) == 1) {
                    best.clear();
                    best.add(value);
                    better.accept(value);
                }
            };
            CompletableFuture<?> far = wan.kademlia.searchValue(key, quorum, bestOfBoth, events);
            CompletableFuture<?> near = lan.kademlia.searchValue(key, quorum, bestOfBoth, events);
            result.whenComplete((done, error) -> {
                far.cancel(false);
                near.cancel(false);
            });
            return CompletableFuture.allOf(far, near)
                    .thenApply(all -> best.isEmpty() ? Optional.empty() : Optional.of(best.get(0)));
        });
    }

    /** Where this node tells what it has, as in Go. In the loop. */
    private Kademlia active() {
        return wan.kademlia.table().size() > 0 ? wan.kademlia : lan.kademlia;
    }

    @Override
    public CompletableFuture<List<DhtTable>> tables() {
        return inLoop(result -> CompletableFuture.completedFuture(List.of(wan.table(), lan.table())));
    }

    private int size() {
        return wan.kademlia.table().size() + lan.kademlia.table().size();
    }

    @Override
    public Map<String, Long> eventCounts() {
        Map<String, Long> all = new TreeMap<>();
        wan.counters.snapshot().forEach((name, count) -> all.put("wan " + name, count));
        lan.counters.snapshot().forEach((name, count) -> all.put("lan " + name, count));
        return all;
    }

    /** As {@link #inLoop}, but a node that has just come waits a moment for the first server that it may get to know. */
    private <T> CompletableFuture<T> inLoopOnceKnown(Function<CompletableFuture<T>, CompletableFuture<T>> query) {
        return inLoop(result -> {
            CompletableFuture<Void> known = new CompletableFuture<>();
            awaitServer(known, loop.nanoTime() + FIRST_SERVER_NANOS);
            return known.thenCompose(ready -> result.isDone() ? result : query.apply(result));
        });
    }

    private void awaitServer(CompletableFuture<Void> known, long deadlineNanos) {
        boolean hope = bootstrap.isDialing() || !host.connections().isEmpty();
        if (size() > 0 || !hope || loop.nanoTime() - deadlineNanos >= 0) {
            known.complete(null);
        } else {
            loop.schedule(LOOK_AGAIN_NANOS, () -> awaitServer(known, deadlineNanos));
        }
    }

    /** Runs a query in the loop. {@code query} gets the future that the caller holds, to complete it early or see it cancelled. */
    private <T> CompletableFuture<T> inLoop(Function<CompletableFuture<T>, CompletableFuture<T>> query) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (closed.get()) {
            result.completeExceptionally(new DhtException("dht: closed"));
            return result;
        }
        loop.execute(() -> query.apply(result).whenComplete((value, error) -> {
            if (error == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(error);
            }
        }));
        return result;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        host.removeListener(listener);
        CompletableFuture<Void> saved = new CompletableFuture<>();
        loop.execute(() -> {
            bootstrap.close();
            CompletableFuture.allOf(wan.close(), lan.close()).whenComplete((done, error) -> saved.complete(null));
        });
        try {
            saved.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("dht: what was to be kept could not be written in {} s", CLOSE_SECONDS, e);
        }
        loopExecutor.shutdownNow();
        disk.shutdown();
    }
}

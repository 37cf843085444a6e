package io.kafila.dht.sim;

import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.net.DhtNetwork;
import io.kafila.dht.internal.node.Kademlia;
import io.kafila.dht.internal.node.KademliaOptions;
import io.kafila.dht.internal.query.LookupOptions;
import io.kafila.dht.internal.records.Records;
import io.kafila.dht.internal.records.Validators;
import io.kafila.dht.internal.table.TableOptions;
import io.kafila.dht.internal.wire.Message;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A node as it is, a server of the DHT with records in memory, over simulated links. */
final class HonestNode extends SimPeer implements DhtNetwork {
    /** As a real node, which dials its bootstrap peers while it knows hardly anybody. */
    private static final int FEW_PEERS = 4;

    private static final long BOOTSTRAP_NANOS = Duration.ofSeconds(30).toNanos();

    private final SimLoop loop;
    private final SimNetwork network;
    private final List<? extends SimPeer> bootstrap;
    private final Kademlia kademlia;
    private final long bornNanos;

    /** @param bootstrap whom it dials while it knows nobody */
    HonestNode(
            SimLoop loop,
            SimNetwork network,
            boolean ipLimits,
            List<? extends SimPeer> bootstrap,
            Multiaddr address,
            Random random) {
        super(randomId(random), address, random.nextDouble());
        this.loop = loop;
        this.network = network;
        this.bootstrap = bootstrap;
        this.bornNanos = loop.nanoTime();
        Counters counters = new Counters();
        KademliaOptions options = options(ipLimits);
        Validators validators = new Validators(List.of());
        Records records =
                new Records(Runnable::run, loop, new MemoryDatastore(), validators, options.limits(), counters);
        kademlia = new Kademlia(
                loop, this, network, options, records, validators, counters, new Random(random.nextLong()));
    }

    /** Those of the public network; that all addresses here are public need not be found out each time. */
    private static KademliaOptions options(boolean ipLimits) {
        KademliaOptions wan = KademliaOptions.wan(address -> true);
        return ipLimits
                ? wan
                : new KademliaOptions(
                        wan.name(),
                        LookupOptions.AMINO,
                        TableOptions.LAN,
                        wan.limits(),
                        wan.requestTimeoutNanos(),
                        wan.refreshNanos(),
                        wan.addresses());
    }

    void start() {
        kademlia.serve(true);
        kademlia.start();
        bootstrap();
    }

    private void bootstrap() {
        if (isUp() && !bootstrap.isEmpty()) {
            loop.schedule(BOOTSTRAP_NANOS, this::bootstrap);
            if (kademlia.table().size() < FEW_PEERS) {
                for (SimPeer each : bootstrap) {
                    if (each != this) {
                        network.dial(this, each);
                    }
                }
            }
        }
    }

    Kademlia kademlia() {
        return kademlia;
    }

    long bornNanos() {
        return bornNanos;
    }

    @Override
    void goDown() {
        super.goDown();
        kademlia.close();
    }

    @Override
    CompletableFuture<Optional<Message>> handle(PeerId from, Message request) {
        return kademlia.handle(from, request);
    }

    @Override
    void onConnected(SimPeer other) {
        if (other.isServing()) {
            kademlia.onServer(other.peer(), other.addresses());
        } else {
            kademlia.onNoServer(other.peer());
        }
    }

    @Override
    boolean isServing() {
        return kademlia.isServing();
    }

    @Override
    public PeerId self() {
        return peer();
    }

    @Override
    public List<Multiaddr> ownAddresses() {
        return addresses();
    }

    @Override
    public List<Multiaddr> knownAddresses(PeerId other) {
        return network.connected(this, other).map(SimPeer::addresses).orElse(List.of());
    }

    @Override
    public List<Multiaddr> remoteAddresses(PeerId other) {
        return knownAddresses(other);
    }

    @Override
    public boolean isConnected(PeerId other) {
        return hasConnection(other);
    }

    @Override
    public CompletableFuture<Message> request(PeerId to, List<Multiaddr> where, Message request, long timeoutNanos) {
        return network.request(this, to, request, timeoutNanos);
    }

    @Override
    public CompletableFuture<Void> send(PeerId to, List<Multiaddr> where, List<Message> batch, long timeoutNanos) {
        return network.send(this, to, batch, timeoutNanos);
    }
}

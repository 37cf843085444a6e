package io.kafila.dht.internal.node;

import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.RecordValidator;
import io.kafila.dht.internal.Contacts;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.dht.internal.net.DhtNetwork;
import io.kafila.dht.internal.records.Records;
import io.kafila.dht.internal.records.Validators;
import io.kafila.dht.internal.wire.Message;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.FakeClock;
import io.kafila.testkit.ManualScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A few dozen nodes in one thread and virtual time, 50 ms apart. */
final class SimulatedPeers {
    static final Duration ONE_WAY = Duration.ofMillis(25);

    final FakeClock clock = new FakeClock(Instant.parse("2026-01-01T00:00:00Z"));
    final ManualScheduler scheduler = new ManualScheduler(clock);
    final Loop loop = new Loop();
    final Random random;
    final Map<PeerId, Node> byPeer = new HashMap<>();
    final List<Node> nodes = new ArrayList<>();

    SimulatedPeers(Random random) {
        this.random = random;
    }

    final class Loop implements DhtLoop {
        @Override
        public void execute(Runnable task) {
            scheduler.schedule(Duration.ZERO, task);
        }

        @Override
        public Runnable schedule(long delayNanos, Runnable task) {
            return scheduler.schedule(Duration.ofNanos(delayNanos), task);
        }

        @Override
        public long nanoTime() {
            return clock.nanos();
        }

        @Override
        public long currentTimeMillis() {
            return clock.millis();
        }

        @Override
        public boolean inLoop() {
            return true;
        }
    }

    /** Values of {@code /n/...}: a decimal number, the greater the better. */
    static final class Numbers implements RecordValidator {
        @Override
        public String namespace() {
            return "n";
        }

        @Override
        public void validate(byte[] key, byte[] value) {
            if (!new String(value, StandardCharsets.US_ASCII).matches("[0-9]{1,8}")) {
                throw new InvalidRecordException("n record: no number");
            }
        }

        @Override
        public int select(byte[] key, List<byte[]> values) {
            int best = 0;
            for (int i = 1; i < values.size(); i++) {
                if (number(values.get(i)) > number(values.get(best))) {
                    best = i;
                }
            }
            return best;
        }

        private static int number(byte[] value) {
            return Integer.parseInt(new String(value, StandardCharsets.US_ASCII));
        }
    }

    final class Node implements DhtNetwork {
        final PeerId peer = Contacts.peer(random);
        final List<Multiaddr> addresses = List.of(
                Multiaddr.parse("/ip4/" + (20 + random.nextInt(80)) + "." + random.nextInt(256) + ".1.1/tcp/4001"));
        final Counters counters = new Counters();
        final Datastore datastore;
        final Kademlia kademlia;
        boolean dead;

        Node(Datastore datastore) {
            this.datastore = datastore;
            KademliaOptions options = KademliaOptions.wan(address -> !address.isPrivate());
            Validators validators = new Validators(List.of(new Numbers()));
            Records records = new Records(Runnable::run, loop, datastore, validators, options.limits(), counters);
            kademlia = new Kademlia(
                    loop, this, Keyspace.SHA256, options, records, validators, counters, new Random(random.nextLong()));
            byPeer.put(peer, this);
            nodes.add(this);
        }

        @Override
        public PeerId self() {
            return peer;
        }

        @Override
        public List<Multiaddr> ownAddresses() {
            return addresses;
        }

        @Override
        public List<Multiaddr> knownAddresses(PeerId other) {
            return List.of();
        }

        @Override
        public boolean isConnected(PeerId other) {
            return false;
        }

        @Override
        public CompletableFuture<Message> request(PeerId to, List<Multiaddr> at, Message request, long timeoutNanos) {
            CompletableFuture<Message> response = new CompletableFuture<>();
            loop.schedule(timeoutNanos, () -> response.completeExceptionally(new IllegalStateException("timeout")));
            scheduler.schedule(ONE_WAY, () -> {
                Node other = byPeer.get(to);
                if (dead || other == null || other.dead || !other.kademlia.isServing()) {
                    return;
                }
                if (kademlia.isServing()) {
                    other.kademlia.onServer(peer, addresses);
                }
                other.kademlia
                        .handle(peer, request)
                        .whenComplete((answer, error) -> scheduler.schedule(ONE_WAY, () -> {
                            if (error != null) {
                                response.completeExceptionally(error);
                            } else {
                                response.complete(answer.orElseThrow());
                            }
                        }));
            });
            return response;
        }

        @Override
        public CompletableFuture<Void> send(PeerId to, List<Multiaddr> at, List<Message> messages, long timeoutNanos) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            scheduler.schedule(ONE_WAY, () -> {
                Node other = byPeer.get(to);
                if (other == null || other.dead) {
                    sent.completeExceptionally(new IllegalStateException("unreachable"));
                    return;
                }
                messages.forEach(each -> other.kademlia.handle(peer, each));
                sent.complete(null);
            });
            return sent;
        }
    }

    Node add() {
        Node node = new Node(new MemoryDatastore());
        node.kademlia.serve(true);
        node.kademlia.start();
        return node;
    }

    /** A network whose nodes came one after the other, each knowing one that was there. */
    static SimulatedPeers grown(Random random, int size) {
        SimulatedPeers peers = new SimulatedPeers(random);
        for (int i = 0; i < size; i++) {
            Node node = peers.add();
            if (i > 0) {
                Node known = peers.nodes.get(random.nextInt(i));
                node.kademlia.onServer(known.peer, known.addresses);
            }
            peers.run(Duration.ofSeconds(1));
        }
        peers.run(Duration.ofSeconds(30));
        return peers;
    }

    void run(Duration time) {
        scheduler.advance(time);
    }

    /** What the future holds after at most {@code limit}. */
    <T> T within(Duration limit, CompletableFuture<T> future) {
        for (Duration spent = Duration.ZERO; !future.isDone() && spent.compareTo(limit) < 0; ) {
            run(ONE_WAY);
            spent = spent.plus(ONE_WAY);
        }
        if (!future.isDone()) {
            throw new AssertionError("not done within " + limit);
        }
        return future.join();
    }
}

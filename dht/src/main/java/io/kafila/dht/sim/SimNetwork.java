package io.kafila.dht.sim;

import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.key.Keyspace;
import io.kafila.dht.internal.wire.Message;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Carries messages between peers in virtual time. A dial takes {@value #DIAL_ROUND_TRIPS} round trips before the first message can
 * leave, as TCP, TLS and their negotiation do. A packet that is lost comes later by TCP's growing timeouts, or never. Peers that are
 * gone or beyond a partition are silent: whoever asks them waits until the timeout. Confined to the simulation's thread.
 */
final class SimNetwork implements Keyspace {
    static final int DIAL_ROUND_TRIPS = 3;

    /** How often a packet is sent before the connection counts as broken. */
    static final int MAX_TRIES = 6;

    private static final long RESEND_NANOS = Duration.ofMillis(200).toNanos();
    private static final long REDIAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long NEVER = Long.MAX_VALUE;

    /** How much longer than its least a way may take by chance. */
    private static final double JITTER = 0.1;

    private final SimLoop loop;
    private final SimOptions options;
    private final Random random;
    private final Map<PeerId, SimPeer> peers = new LinkedHashMap<>();
    private final Map<PeerId, KadKey> keys = new HashMap<>();
    private final Map<PeerId, Contact> contacts = new HashMap<>();
    private long messages;
    private long dials;
    private long timeouts;

    SimNetwork(SimLoop loop, SimOptions options, Random random) {
        this.loop = loop;
        this.options = options;
        this.random = random;
    }

    void join(SimPeer peer) {
        peers.put(peer.peer(), peer);
        keys.put(peer.peer(), peer.key());
    }

    void leave(SimPeer peer) {
        peers.remove(peer.peer());
        peer.goDown();
    }

    /** Who is up, in the order in which they came. */
    Collection<SimPeer> peers() {
        return peers.values();
    }

    /** Remembers what it has hashed. */
    @Override
    public KadKey keyOf(PeerId peer) {
        return keys.computeIfAbsent(peer, KadKey::of);
    }

    /** {@inheritDoc} One object for each peer, whoever names it: thousands of tables of hundreds of peers fit the caches better. */
    @Override
    public Contact contact(PeerId peer, List<Multiaddr> addresses) {
        Contact known = contacts.get(peer);
        if (known == null || !known.addresses().equals(addresses)) {
            known = new Contact(peer, keyOf(peer), addresses);
            contacts.put(peer, known);
        }
        return known;
    }

    /** Where a peer is that this one has a connection with. */
    Optional<SimPeer> connected(SimPeer from, PeerId to) {
        return from.hasConnection(to) ? Optional.ofNullable(peers.get(to)) : Optional.empty();
    }

    /** Whether a peer is up and on the same side of a partition. */
    boolean reaches(SimPeer from, PeerId to) {
        SimPeer there = peers.get(to);
        return there != null && from.reaches(there);
    }

    /** Requests and their responses, and messages without one. */
    long messages() {
        return messages;
    }

    long dials() {
        return dials;
    }

    /** Requests that nobody answered in time. */
    long timeouts() {
        return timeouts;
    }

    /** Makes a connection if there is none, without a message. */
    void dial(SimPeer from, SimPeer to) {
        long takes = dialNanos(from, to);
        if (takes != NEVER) {
            loop.schedule(takes, () -> {
                if (from.reaches(to)) {
                    connect(from, to);
                }
            });
        }
    }

    CompletableFuture<Message> request(SimPeer from, PeerId to, Message request, long timeoutNanos) {
        CompletableFuture<Message> response = new CompletableFuture<>();
        long deadline = loop.nanoTime() + timeoutNanos;
        travel(
                from,
                to,
                deadline,
                response,
                there -> there.handle(from.peer(), request).whenComplete((answer, refusal) -> {
                    long takes = wayNanos(there, from);
                    if (takes == NEVER || loop.nanoTime() + takes > deadline) {
                        failAt(deadline, from, to, response);
                        return;
                    }
                    messages++;
                    loop.schedule(takes, () -> {
                        if (!from.reaches(there)) {
                            failAt(deadline, from, to, response);
                        } else if (refusal != null) {
                            response.completeExceptionally(refusal);
                        } else {
                            response.complete(answer.orElseThrow());
                        }
                    });
                }));
        return response;
    }

    CompletableFuture<Void> send(SimPeer from, PeerId to, List<Message> batch, long timeoutNanos) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        messages += batch.size() - 1;
        travel(from, to, loop.nanoTime() + timeoutNanos, sent, there -> {
            batch.forEach(message -> there.handle(from.peer(), message));
            sent.complete(null);
        });
        return sent;
    }

    /** What is done with a message where it arrives. */
    private interface Arrival {
        void at(SimPeer there);
    }

    private void travel(SimPeer from, PeerId to, long deadline, CompletableFuture<?> failing, Arrival arrival) {
        messages++;
        SimPeer there = peers.get(to);
        if (there == null) {
            failAt(deadline, from, to, failing);
            return;
        }
        boolean dials = !from.hasConnection(to);
        long takes = wayNanos(from, there);
        if (dials && takes != NEVER) {
            long dialing = dialNanos(from, there);
            takes = dialing == NEVER ? NEVER : takes + dialing;
        }
        if (takes == NEVER || loop.nanoTime() + takes > deadline) {
            failAt(deadline, from, to, failing);
            return;
        }
        loop.schedule(takes, () -> {
            if (!from.reaches(there)) {
                failAt(deadline, from, to, failing);
                return;
            }
            if (dials) {
                connect(from, there);
            }
            arrival.at(there);
        });
    }

    private void connect(SimPeer from, SimPeer to) {
        from.connected(to.peer());
        to.connected(from.peer());
        to.onConnected(from);
        from.onConnected(to);
    }

    private void failAt(long deadline, SimPeer from, PeerId to, CompletableFuture<?> failing) {
        from.disconnected(to);
        loop.schedule(deadline - loop.nanoTime(), () -> {
            timeouts++;
            failing.completeExceptionally(new Silence());
        });
    }

    private long dialNanos(SimPeer from, SimPeer to) {
        dials++;
        long late = lateNanos(REDIAL_NANOS);
        return late == NEVER ? NEVER : late + 2 * DIAL_ROUND_TRIPS * leastNanos(from, to);
    }

    private long wayNanos(SimPeer from, SimPeer to) {
        long late = lateNanos(RESEND_NANOS);
        return late == NEVER ? NEVER : late + (long) (leastNanos(from, to) * (1 + JITTER * random.nextDouble()));
    }

    /** Half a round trip: from half the mean next door to one and a half of it at the other end of the world. */
    private long leastNanos(SimPeer from, SimPeer to) {
        return (long) (options.rtt().toNanos() / 2.0 * (0.5 + 2 * from.distance(to)));
    }

    /** How much later a packet comes because its first copies were lost. */
    private long lateNanos(long firstTimeoutNanos) {
        long late = 0;
        long timeout = firstTimeoutNanos;
        for (int tries = 1; options.loss() > 0 && random.nextDouble() < options.loss(); tries++) {
            if (tries == MAX_TRIES) {
                return NEVER;
            }
            late += timeout;
            timeout *= 2;
        }
        return late;
    }

    /** Nobody answered. There are millions of these, so they know no stack. */
    private static final class Silence extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Silence() {
            super("simulation: no answer", null, false, false);
        }
    }
}

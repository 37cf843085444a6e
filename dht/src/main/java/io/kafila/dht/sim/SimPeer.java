package io.kafila.dht.sim;

import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.wire.Message;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** One end of simulated links, honest or not. Confined to the simulation's thread. */
abstract class SimPeer {
    /** How many connections are kept; whoever was not spoken with for longest makes room. */
    static final int MAX_CONNECTIONS = 128;

    private final PeerId peer;
    private final KadKey key;
    private final List<Multiaddr> addresses;
    private final double place;
    private final Map<PeerId, Boolean> connections = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Boolean> eldest) {
            return size() > MAX_CONNECTIONS;
        }
    };
    private boolean up = true;
    private int side;

    /** @param place on the ring that distances are measured on, 0 to 1 */
    SimPeer(PeerId peer, Multiaddr address, double place) {
        this.peer = peer;
        this.key = KadKey.of(peer);
        this.addresses = List.of(address);
        this.place = place;
    }

    /** A name as of a key of 2048-bit RSA: the keys themselves are not needed here. */
    static PeerId randomId(Random random) {
        byte[] id = new byte[34];
        random.nextBytes(id);
        id[0] = 0x12;
        id[1] = 0x20;
        return PeerId.decode(id);
    }

    /** The address that is the {@code host}-th of the network {@code first.second.0.0/16}. */
    static Multiaddr address(int first, int second, int host) {
        return Multiaddr.parse(
                "/ip4/" + first + "." + second + "." + (host >> 8 & 0xFF) + "." + (host & 0xFF) + "/tcp/4001");
    }

    /** What comes back for a request of a peer; see {@link io.kafila.dht.internal.node.Kademlia#handle}. */
    abstract CompletableFuture<Optional<Message>> handle(PeerId from, Message request);

    /** There is a connection with another, and identify has told of it. */
    abstract void onConnected(SimPeer other);

    abstract boolean isServing();

    final PeerId peer() {
        return peer;
    }

    final KadKey key() {
        return key;
    }

    final List<Multiaddr> addresses() {
        return addresses;
    }

    final boolean isUp() {
        return up;
    }

    /** Vanishes: answers nobody, tells nobody. */
    void goDown() {
        up = false;
        connections.clear();
    }

    final void moveToSide(int newSide) {
        side = newSide;
    }

    final int side() {
        return side;
    }

    final boolean reaches(SimPeer other) {
        return up && other.up && side == other.side;
    }

    /** Half the way around the ring is 0.5, the most there is. */
    final double distance(SimPeer other) {
        double apart = Math.abs(place - other.place);
        return Math.min(apart, 1 - apart);
    }

    final boolean hasConnection(PeerId other) {
        return connections.containsKey(other);
    }

    final void connected(PeerId other) {
        connections.put(other, true);
    }

    final void disconnected(PeerId other) {
        connections.remove(other);
    }

    @Override
    public final String toString() {
        return peer.toString();
    }
}

package io.kafila.dht.sim;

import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.MessageType;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Identities of one attacker. They know all honest nodes, make themselves known to each of them again and again, answer every check, name only
 * each other, keep no record and know of no provider. What they want is to be in tables, and that keys be neither told of nor found.
 */
final class Conspiracy {
    private static final int K = 20;

    /** Networks of the attacker begin here; honest nodes live below. */
    private static final int FIRST_OCTET = 150;

    private final List<Identity> identities = new ArrayList<>();

    /** One of them. */
    private final class Identity extends SimPeer {
        Identity(PeerId peer, Multiaddr address, double place) {
            super(peer, address, place);
        }

        @Override
        CompletableFuture<Optional<Message>> handle(PeerId from, Message request) {
            if (!request.expectsResponse()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            if (request.type() == MessageType.PING || request.type() == MessageType.PUT_VALUE) {
                return CompletableFuture.completedFuture(Optional.of(request));
            }
            Message lie =
                    new Message(request.type(), request.key(), null, nearest(KadKey.hash(request.key())), List.of());
            return CompletableFuture.completedFuture(Optional.of(lie));
        }

        @Override
        void onConnected(SimPeer other) {
            // nothing to learn: all are known
        }

        @Override
        boolean isServing() {
            return true;
        }
    }

    /** Adds an identity in one of so many /16 networks. */
    SimPeer recruit(PeerId peer, int networks, double place) {
        int number = identities.size();
        int group = number % networks;
        Identity identity =
                new Identity(peer, SimPeer.address(FIRST_OCTET + group / 256, group % 256, number / networks), place);
        identities.add(identity);
        return identity;
    }

    /**
     * Names that lie nearer to a point than any of so many honest ones are likely to, found by trying as an attacker would.
     *
     * @param bits how many leading bits they have to share with the point
     */
    static List<PeerId> mine(KadKey point, int bits, int count, Random random) {
        List<PeerId> found = new ArrayList<>();
        while (found.size() < count) {
            PeerId tried = SimPeer.randomId(random);
            if (KadKey.of(tried).commonPrefix(point) >= bits) {
                found.add(tried);
            }
        }
        return found;
    }

    List<? extends SimPeer> identities() {
        return identities;
    }

    private List<PeerEntry> nearest(KadKey target) {
        Comparator<SimPeer> byDistance = Comparator.comparing(SimPeer::key, target::compareDistances);
        PriorityQueue<SimPeer> farthestFirst = new PriorityQueue<>(K + 1, byDistance.reversed());
        for (SimPeer each : identities) {
            farthestFirst.add(each);
            if (farthestFirst.size() > K) {
                farthestFirst.remove();
            }
        }
        return farthestFirst.stream()
                .sorted(byDistance)
                .map(each -> new PeerEntry(each.peer(), each.addresses()))
                .toList();
    }
}

package io.kafila.dht.internal.key;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;

/**
 * Where peers lie. An argument rather than a static function so that a simulation of many nodes in one JVM may remember
 * what it has hashed.
 */
@FunctionalInterface
public interface Keyspace {
    /** The keyspace of the Amino DHT. */
    Keyspace SHA256 = KadKey::of;

    KadKey keyOf(PeerId peer);

    /** A peer that can be dialed at these addresses. */
    default Contact contact(PeerId peer, List<Multiaddr> addresses) {
        return new Contact(peer, keyOf(peer), addresses);
    }
}

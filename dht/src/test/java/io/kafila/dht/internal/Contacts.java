package io.kafila.dht.internal;

import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.List;
import java.util.Random;

/** Peers for tests. */
public final class Contacts {
    private Contacts() {}

    public static PeerId peer(Random random) {
        byte[] id = new byte[34];
        random.nextBytes(id);
        id[0] = 0x12;
        id[1] = 0x20;
        return PeerId.decode(id);
    }

    public static Contact random(Random random) {
        return at(random, random.nextInt(256) + "." + random.nextInt(256) + ".1.1");
    }

    public static Contact at(Random random, String ip) {
        PeerId peer = peer(random);
        return new Contact(peer, KadKey.of(peer), List.of(Multiaddr.parse("/ip4/" + ip + "/tcp/4001")));
    }
}

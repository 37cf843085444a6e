package io.kafila.dht.internal.node;

import io.kafila.dht.internal.key.Contact;
import io.kafila.multiformats.PeerId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Peers that were in the table and failed, to be asked again from time to time. Without them a network that was cut in two for
 * longer than its tables live would stay two: no side would know anybody of the other. At most {@value #MAX}; who was lost first is
 * forgotten first. Confined to the loop.
 */
final class LostPeers {
    static final int MAX = 64;

    private final Map<PeerId, Contact> peers = new LinkedHashMap<>();

    void add(Contact contact) {
        peers.remove(contact.peer());
        if (peers.size() == MAX) {
            Iterator<Contact> eldest = peers.values().iterator();
            eldest.next();
            eldest.remove();
        }
        peers.put(contact.peer(), contact);
    }

    void remove(PeerId peer) {
        peers.remove(peer);
    }

    /** Each in turn; {@code null} if there is none. */
    @Nullable
    Contact next() {
        Iterator<Contact> all = peers.values().iterator();
        if (!all.hasNext()) {
            return null;
        }
        Contact next = all.next();
        all.remove();
        peers.put(next.peer(), next);
        return next;
    }

    int size() {
        return peers.size();
    }
}

package io.kafila.dht.internal;

import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.MessageCodec;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.dht.internal.wire.WireException;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.Datastore.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the peers of a routing table across restarts, in one batch each time. They are asked before they come into the next
 * table. Blocks; confined to the thread of the stores.
 */
final class TablePersistence {
    /** More are not read: no table has more, so a file that says otherwise is damaged. */
    private static final int MAX_PEERS = 4096;

    private static final byte[] PREFIX = "t/".getBytes(StandardCharsets.US_ASCII);
    private static final Logger LOG = LoggerFactory.getLogger(TablePersistence.class);

    private final Datastore datastore;

    TablePersistence(Datastore datastore) {
        this.datastore = datastore;
    }

    List<PeerEntry> load() {
        List<PeerEntry> peers = new ArrayList<>();
        for (Entry entry : datastore.scan(PREFIX, PREFIX, MAX_PEERS)) {
            byte[] value = entry.value();
            if (value != null) {
                try {
                    peers.addAll(MessageCodec.decode(value).closerPeers());
                } catch (WireException e) {
                    LOG.warn("dht table: a record does not decode and is left out: {}", e.getMessage());
                }
            }
        }
        return peers;
    }

    void save(List<Contact> contacts) {
        List<Entry> batch = new ArrayList<>();
        for (Entry old : datastore.scan(PREFIX, PREFIX, MAX_PEERS)) {
            batch.add(new Entry(old.key(), null));
        }
        for (Contact contact : contacts) {
            PeerEntry peer = new PeerEntry(contact.peer(), contact.addresses());
            batch.add(new Entry(key(contact), MessageCodec.encode(Message.closer(List.of(peer)))));
        }
        if (!batch.isEmpty()) {
            datastore.write(batch);
        }
    }

    private static byte[] key(Contact contact) {
        byte[] id = contact.peer().bytes();
        byte[] key = new byte[PREFIX.length + id.length];
        System.arraycopy(PREFIX, 0, key, 0, PREFIX.length);
        System.arraycopy(id, 0, key, PREFIX.length, id.length);
        return key;
    }
}

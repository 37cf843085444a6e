package io.kafila.dht;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A routing table at one moment.
 *
 * @param name {@code wan} or {@code lan}
 * @param serving whether this node answers others there
 * @param sinceRefreshed how long ago it was filled by lookups; empty if it never was
 */
public record DhtTable(String name, boolean serving, Optional<Duration> sinceRefreshed, List<Row> rows) {
    public DhtTable {
        rows = List.copyOf(rows);
    }

    /**
     * A peer.
     *
     * @param bucket how many leading bits it shares with this node
     * @param sinceAdded how long it has been in the table
     * @param sinceAnswered how long ago it last answered
     */
    public record Row(
            PeerId peer, List<Multiaddr> addresses, int bucket, Duration sinceAdded, Duration sinceAnswered) {}
}

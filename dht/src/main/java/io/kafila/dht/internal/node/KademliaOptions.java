package io.kafila.dht.internal.node;

import io.kafila.dht.internal.query.LookupOptions;
import io.kafila.dht.internal.records.StoreLimits;
import io.kafila.dht.internal.table.TableOptions;
import io.kafila.multiformats.Multiaddr;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What a DHT is to be.
 *
 * @param name for messages: {@code wan} or {@code lan}
 * @param requestTimeoutNanos how long a peer has to answer, dialing included
 * @param refreshNanos how often the table is refreshed by lookups
 * @param addresses which addresses are of this network; peers without one are not in it, and others are told to nobody
 */
public record KademliaOptions(
        String name,
        LookupOptions lookup,
        TableOptions table,
        StoreLimits limits,
        long requestTimeoutNanos,
        long refreshNanos,
        Predicate<Multiaddr> addresses) {
    private static final long REQUEST_TIMEOUT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long REFRESH_NANOS = Duration.ofMinutes(10).toNanos();

    /** The Amino DHT between public addresses. */
    public static KademliaOptions wan(Predicate<Multiaddr> addresses) {
        return new KademliaOptions(
                "wan",
                LookupOptions.AMINO_DIVERSE,
                TableOptions.WAN,
                StoreLimits.DEFAULT,
                REQUEST_TIMEOUT_NANOS,
                REFRESH_NANOS,
                addresses);
    }

    /** The DHT of a local network. */
    public static KademliaOptions lan(Predicate<Multiaddr> addresses) {
        return new KademliaOptions(
                "lan",
                LookupOptions.AMINO,
                TableOptions.LAN,
                StoreLimits.DEFAULT,
                REQUEST_TIMEOUT_NANOS,
                REFRESH_NANOS,
                addresses);
    }
}

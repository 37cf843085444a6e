package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Protocol;
import java.util.Comparator;

/**
 * In which order the addresses of a peer are tried and how long each may work alone before the next one joins: nearest
 * first, IPv6 before IPv4 (RFC 8305). Immutable.
 */
final class DialRanking {
    /** The head start of a loopback, private or memory address; what is near answers at once or not at all. */
    static final long NEAR_STAGGER_MS = 30;

    /** The head start of a public address, the connection attempt delay of RFC 8305. */
    static final long FAR_STAGGER_MS = 250;

    private static final int NEAR_TIMEOUT_MS = 5_000;
    private static final int FAR_TIMEOUT_MS = 15_000;

    static final Comparator<Multiaddr> ORDER = Comparator.<Multiaddr>comparingInt(DialRanking::distance)
            .thenComparing(address -> address.has(Protocol.IP6) ? 0 : 1);

    private DialRanking() {}

    static long staggerMs(Multiaddr address) {
        return isNear(address) ? NEAR_STAGGER_MS : FAR_STAGGER_MS;
    }

    /** From the first packet to the muxer. */
    static int timeoutMs(Multiaddr address) {
        return isNear(address) ? NEAR_TIMEOUT_MS : FAR_TIMEOUT_MS;
    }

    private static boolean isNear(Multiaddr address) {
        return distance(address) < 3;
    }

    private static int distance(Multiaddr address) {
        if (address.has(Protocol.MEMORY)) {
            return 0;
        }
        if (address.isLoopback()) {
            return 1;
        }
        return address.isPrivate() ? 2 : 3;
    }
}

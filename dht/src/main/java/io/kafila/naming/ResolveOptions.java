package io.kafila.naming;

import java.time.Duration;

/**
 * How hard a name is looked up. Immutable.
 *
 * @param cached whether what was found lately will do
 * @param network whether peers are asked; else only what this node published or was given counts. The DNS is asked anyway
 * @param quorum how many peers must have answered with a record before the search may end
 * @param timeout how long records are gathered; the best one so far counts then; zero for as long as the routing takes
 */
public record ResolveOptions(boolean cached, boolean network, int quorum, Duration timeout) {
    /** Kubo's: 16 records of the 20 that there may be, within a minute. */
    public static final ResolveOptions DEFAULT = new ResolveOptions(true, true, 16, Duration.ofMinutes(1));

    public ResolveOptions {
        if (quorum < 0) {
            throw new IllegalArgumentException("name: quorum " + quorum + ", want 0 or more");
        }
        if (timeout.isNegative()) {
            throw new NamingException("DHT timeout value must be >= 0");
        }
    }

    public ResolveOptions withCached(boolean use) {
        return new ResolveOptions(use, network, quorum, timeout);
    }

    public ResolveOptions withNetwork(boolean use) {
        return new ResolveOptions(cached, use, quorum, timeout);
    }

    public ResolveOptions withQuorum(int records) {
        return new ResolveOptions(cached, network, records, timeout);
    }

    public ResolveOptions withTimeout(Duration limit) {
        return new ResolveOptions(cached, network, quorum, limit);
    }
}

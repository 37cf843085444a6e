package io.kafila.delegated;

import java.time.Duration;

/**
 * What is asked of a delegated router, and what it may answer.
 *
 * @param filter sent with each request, and applied to the answers of routers that do not know filters
 * @param timeout of a whole request, the last record included
 * @param bodyBytes the longest answer that is read
 * @param lineBytes the longest record of a stream that is read
 * @param results the most records of one answer that are taken
 * @param concurrentRequests that run at once; more are refused
 * @param missTtl how long "nothing known" is believed where the router does not say
 * @param userAgent as which this program calls itself
 */
public record DelegatedOptions(
        RoutingFilter filter,
        Duration timeout,
        int bodyBytes,
        int lineBytes,
        int results,
        int concurrentRequests,
        Duration missTtl,
        String userAgent) {
    /** Timeout and length of answers are Kubo's. A record has up to {@link PeerRecord#MAX_ADDRESSES} addresses. */
    public static final DelegatedOptions DEFAULT = new DelegatedOptions(
            RoutingFilter.BITSWAP,
            Duration.ofSeconds(15),
            1024 * 1024,
            64 * 1024,
            1000,
            64,
            Duration.ofSeconds(15),
            "kafila");

    public DelegatedOptions withUserAgent(String name) {
        return new DelegatedOptions(filter, timeout, bodyBytes, lineBytes, results, concurrentRequests, missTtl, name);
    }

    public DelegatedOptions withFilter(RoutingFilter wanted) {
        return new DelegatedOptions(
                wanted, timeout, bodyBytes, lineBytes, results, concurrentRequests, missTtl, userAgent);
    }

    public DelegatedOptions withTimeout(Duration limit) {
        return new DelegatedOptions(
                filter, limit, bodyBytes, lineBytes, results, concurrentRequests, missTtl, userAgent);
    }

    public DelegatedOptions withSizes(int body, int line, int records) {
        return new DelegatedOptions(filter, timeout, body, line, records, concurrentRequests, missTtl, userAgent);
    }
}

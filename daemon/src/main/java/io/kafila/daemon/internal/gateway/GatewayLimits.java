package io.kafila.daemon.internal.gateway;

import io.kafila.daemon.internal.rpc.RpcLimits;
import java.time.Duration;

/**
 * What a client of the gateway can take.
 *
 * @param http connections, heads and deadlines
 * @param requests that search at once, for all clients; more are answered with 429
 * @param requestsPerAddress of {@code requests}, from one IP address; this machine's own are exempt
 * @param searchTime after which a search ends with what it found
 * @param jsonResults the most records of an answer in one piece
 * @param streamResults the most records of a stream
 * @param writeQueueBytes of a stream that wait for the socket; with more the stream ends
 */
public record GatewayLimits(
        RpcLimits http,
        int requests,
        int requestsPerAddress,
        Duration searchTime,
        int jsonResults,
        int streamResults,
        int writeQueueBytes) {
    /** Time and results of one piece are boxo's. A search of the DHT has some ten requests under way. */
    public static final GatewayLimits DEFAULT = new GatewayLimits(
            RpcLimits.DEFAULT.withHead(16 * 1024, 8 * 1024), 64, 8, Duration.ofSeconds(30), 20, 1000, 256 * 1024);

    public GatewayLimits withRequests(int all, int fromOneAddress) {
        return new GatewayLimits(http, all, fromOneAddress, searchTime, jsonResults, streamResults, writeQueueBytes);
    }

    public GatewayLimits withSearchTime(Duration time) {
        return new GatewayLimits(http, requests, requestsPerAddress, time, jsonResults, streamResults, writeQueueBytes);
    }
}

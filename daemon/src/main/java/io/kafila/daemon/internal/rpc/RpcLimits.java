package io.kafila.daemon.internal.rpc;

import java.time.Duration;

/**
 * What a client can take.
 *
 * @param headerBytes all headers of a request
 * @param requestLineBytes method, path and query
 * @param concurrentRequests commands that run at once, their answers read or not; more are answered with 503
 * @param bufferedBytes of a body that are held for a command that is slow to read
 * @param partHeaderBytes headers of one part of a multipart body
 * @param writeQueueBytes of a response that wait for the socket
 * @param connections that are open at once; more are answered with 503
 * @param connectionsPerAddress of {@code connections}, from one IP address; this machine's own are exempt
 * @param headDeadline how long the head of a request may take, from its first byte, or from the connection's begin
 * @param idleDeadline how long a connection may wait for its next request, or to take the end of an answer
 * @param patience how long a client may keep its command waiting for {@link Pace#PORTION_BYTES} while another wants its place
 * @param longestStall how long it may do so while nobody does
 */
public record RpcLimits(
        int headerBytes,
        int requestLineBytes,
        int concurrentRequests,
        int bufferedBytes,
        int partHeaderBytes,
        int writeQueueBytes,
        int connections,
        int connectionsPerAddress,
        Duration headDeadline,
        Duration idleDeadline,
        Duration patience,
        Duration longestStall) {
    /**
     * Room for a long list of arguments in the query, and for as many commands as a busy machine runs well. Clients keep
     * idle connections for up to 90 s, and people pause a pager for longer than a server would wait that is short of room.
     */
    public static final RpcLimits DEFAULT = new RpcLimits(
            64 * 1024,
            512 * 1024,
            128,
            256 * 1024,
            32 * 1024,
            256 * 1024,
            1024,
            128,
            Duration.ofSeconds(20),
            Duration.ofMinutes(3),
            Duration.ofSeconds(10),
            Duration.ofHours(1));

    /** The same with other bounds on the size of a request's head. */
    public RpcLimits withHead(int headers, int requestLine) {
        return new RpcLimits(
                headers,
                requestLine,
                concurrentRequests,
                bufferedBytes,
                partHeaderBytes,
                writeQueueBytes,
                connections,
                connectionsPerAddress,
                headDeadline,
                idleDeadline,
                patience,
                longestStall);
    }

    /** The same with other numbers of commands and connections. */
    public RpcLimits withCounts(int commands, int open, int openPerAddress) {
        return new RpcLimits(
                headerBytes,
                requestLineBytes,
                commands,
                bufferedBytes,
                partHeaderBytes,
                writeQueueBytes,
                open,
                openPerAddress,
                headDeadline,
                idleDeadline,
                patience,
                longestStall);
    }

    /** The same with other deadlines. */
    public RpcLimits withDeadlines(Duration head, Duration idle, Duration slow, Duration stalled) {
        return new RpcLimits(
                headerBytes,
                requestLineBytes,
                concurrentRequests,
                bufferedBytes,
                partHeaderBytes,
                writeQueueBytes,
                connections,
                connectionsPerAddress,
                head,
                idle,
                slow,
                stalled);
    }
}

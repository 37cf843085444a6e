package io.kafila.daemon.internal.rpc;

/**
 * What a client can take.
 *
 * @param headerBytes all headers of a request
 * @param requestLineBytes method, path and query
 * @param concurrentRequests commands that run at once; more are answered with 503
 * @param bufferedBytes of a body that are held for a command that is slow to read
 * @param partHeaderBytes headers of one part of a multipart body
 * @param writeQueueBytes of a response that wait for the socket
 */
public record RpcLimits(
        int headerBytes,
        int requestLineBytes,
        int concurrentRequests,
        int bufferedBytes,
        int partHeaderBytes,
        int writeQueueBytes) {
    /** Room for a long list of arguments in the query, and for as many commands as a busy machine runs well. */
    public static final RpcLimits DEFAULT =
            new RpcLimits(64 * 1024, 512 * 1024, 128, 256 * 1024, 32 * 1024, 256 * 1024);
}

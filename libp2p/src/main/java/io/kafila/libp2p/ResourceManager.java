package io.kafila.libp2p;

import java.util.Map;

/**
 * The resources that strangers can take, limited by system, peer, connection, protocol and stream. Thread-safe.
 *
 * <p>A refusal closes the stream or the connection that asked, is counted, and is never logged above debug.
 */
public interface ResourceManager {

    /** What is in use and what was refused, by scope name such as {@code system} or {@code protocol:/ipfs/bitswap/1.2.0}. */
    Map<String, Usage> usage();

    record Usage(int connections, int inboundStreams, int outboundStreams, long memoryBytes, long refusals) {}
}

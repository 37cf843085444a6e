package io.kafila.dht.internal.wire;

/** How much a message may carry. */
public final class WireLimits {
    /** The longest request: a record of 10 KiB with room for what later versions add. */
    public static final int MAX_REQUEST_BYTES = 64 << 10;

    /** The longest response, as go-libp2p's; popular content has many providers. */
    public static final int MAX_RESPONSE_BYTES = 4 << 20;

    /** The longest key of content (go-libp2p-kad-dht handlers.go). */
    public static final int MAX_PROVIDER_KEY_BYTES = 80;

    /** The longest key of a record, or name of a peer. */
    public static final int MAX_KEY_BYTES = 256;

    /** The longest value: the limit of an IPNS record, the largest that there is. */
    public static final int MAX_VALUE_BYTES = 10 << 10;

    /** More closer peers are left out; a correct peer sends k + 1. */
    public static final int MAX_CLOSER_PEERS = 64;

    /** More providers are left out. */
    public static final int MAX_PROVIDER_PEERS = 2048;

    /** More addresses of one peer are left out. */
    public static final int MAX_ADDRESSES = 32;

    /** A longer time is none. */
    static final int MAX_TIME_BYTES = 64;

    private WireLimits() {}
}

package io.kafila.dht.internal.wire;

import org.jspecify.annotations.Nullable;

/** What a message asks or answers (ipfs/specs kad-dht.md, RPC messages). The ordinals are the numbers on the wire. */
public enum MessageType {
    PUT_VALUE,
    GET_VALUE,
    ADD_PROVIDER,
    GET_PROVIDERS,
    FIND_NODE,
    /** Deprecated; answered for old peers. */
    PING;

    private static final MessageType[] BY_CODE = values();

    /** The type of this number, {@code null} for a number that is none. */
    static @Nullable MessageType byCode(long code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : null;
    }
}

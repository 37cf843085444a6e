package io.kafila.dht.internal.wire;

import org.jspecify.annotations.Nullable;

/** What a message asks or answers (ipfs/specs kad-dht.md, RPC messages). */
public enum MessageType {
    PUT_VALUE(0),
    GET_VALUE(1),
    ADD_PROVIDER(2),
    GET_PROVIDERS(3),
    FIND_NODE(4),
    /** Deprecated; answered for old peers. */
    PING(5);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    int code() {
        return code;
    }

    /** The type of this number, {@code null} for a number that is none. */
    static @Nullable MessageType byCode(long code) {
        for (MessageType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}

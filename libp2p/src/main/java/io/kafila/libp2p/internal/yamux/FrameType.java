package io.kafila.libp2p.internal.yamux;

import org.jspecify.annotations.Nullable;

/** What a yamux frame carries; the ordinal is the code on the wire. */
enum FrameType {
    /** The length is that of the payload that follows. */
    DATA,
    /** The length is credit that the sender of the frame grants; with RST an error code. */
    WINDOW_UPDATE,
    /** The length is an opaque value to be echoed. */
    PING,
    /** The length is the reason. */
    GO_AWAY;

    private static final FrameType[] BY_CODE = values();

    static @Nullable FrameType byCode(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }
}

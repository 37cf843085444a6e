package io.kafila.libp2p.internal.yamux;

import org.jspecify.annotations.Nullable;

/** What a yamux frame carries. */
enum FrameType {
    /** The length is that of the payload that follows. */
    DATA(0),
    /** The length is credit that the sender of the frame grants; with RST an error code. */
    WINDOW_UPDATE(1),
    /** The length is an opaque value to be echoed. */
    PING(2),
    /** The length is the reason. */
    GO_AWAY(3);

    private static final FrameType[] BY_CODE = values();

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static @Nullable FrameType byCode(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }
}

package io.kafila.libp2p.internal.yamux;

import io.kafila.libp2p.ConnectionException;

/** A peer that broke the rules of yamux, left, or fell silent: the connection ends. */
public final class YamuxException extends ConnectionException {
    private static final long serialVersionUID = 1L;

    /** What ended the session. */
    public enum Kind {
        VERSION,
        FRAME_TYPE,
        /** More data than the window allows, or credit beyond what a window can hold. */
        WINDOW,
        /** A frame for a stream that cannot exist, or a stream opened twice. */
        STREAM_ID,
        /** More answers owed to the peer than {@link YamuxSession#MAX_CONTROL_FRAMES}. */
        CONTROL_FLOOD,
        /** The peer answers no ping and sends nothing else. */
        SILENCE,
        /** The peer went away. */
        GONE
    }

    private final Kind kind;

    YamuxException(Kind kind, String message) {
        super("yamux: " + message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the peer is at fault. */
    public boolean isViolation() {
        return kind != Kind.SILENCE && kind != Kind.GONE;
    }
}

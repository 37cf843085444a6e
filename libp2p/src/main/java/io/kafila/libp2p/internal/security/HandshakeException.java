package io.kafila.libp2p.internal.security;

import io.kafila.libp2p.ConnectionException;
import org.jspecify.annotations.Nullable;

/** A secure handshake that failed; nothing was received from the peer that may be believed. */
public final class HandshakeException extends ConnectionException {
    private static final long serialVersionUID = 1L;

    /** Why a handshake failed. */
    public enum Kind {
        /** The peer is another than the one that was dialed. */
        WRONG_PEER,
        /** The peer did not prove the identity that it claims. */
        BAD_IDENTITY,
        /** Bytes that do not decode, or do not decrypt. */
        MALFORMED,
        /** A message longer than the handshake allows. */
        TOO_LARGE,
        /** Both sides understand each other and have nothing in common. */
        NO_COMMON_PROTOCOL,
        /** The peer is not of this private network: it has another swarm key, or none. */
        OTHER_NETWORK,
        /** No end within the time allowed. */
        TIMEOUT,
        /** The channel closed before the end. */
        CLOSED
    }

    private final Kind kind;

    public HandshakeException(Kind kind, String message) {
        this(kind, message, null);
    }

    public HandshakeException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

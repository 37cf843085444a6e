package io.kafila.libp2p.internal.security;

/** A side of a handshake. */
public enum Role {
    /** The side that dialed. */
    INITIATOR,
    RESPONDER;

    public Role other() {
        return this == INITIATOR ? RESPONDER : INITIATOR;
    }
}

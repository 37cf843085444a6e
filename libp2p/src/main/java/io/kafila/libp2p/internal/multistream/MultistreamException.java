package io.kafila.libp2p.internal.multistream;

import io.kafila.libp2p.Libp2pException;

/** A negotiation that found no common protocol, or a peer that broke its rules. */
public final class MultistreamException extends Libp2pException {
    private static final long serialVersionUID = 1L;

    /** Why a negotiation failed. */
    public enum Kind {
        /** The peer speaks none of the proposed protocols. */
        NOT_SUPPORTED,
        /** The peer sent something that the protocol does not allow. */
        VIOLATION,
        /** A message is longer than {@link MultistreamNegotiation#MAX_MESSAGE_BYTES}. */
        TOO_LARGE,
        /** More than {@link MultistreamNegotiation#MAX_REFUSALS} proposals of the peer were refused. */
        TOO_MANY_PROPOSALS,
        /** The peer ended before both sides agreed. */
        TRUNCATED
    }

    private final Kind kind;

    MultistreamException(Kind kind, String message) {
        super("multistream: " + message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

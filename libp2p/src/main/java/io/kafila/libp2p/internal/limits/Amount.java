package io.kafila.libp2p.internal.limits;

import io.kafila.libp2p.Connection.Direction;

/** So many of each resource. Immutable; memory may be negative to give some back. */
record Amount(
        int inboundConnections, int outboundConnections, int inboundStreams, int outboundStreams, long memoryBytes) {
    static final Amount NONE = new Amount(0, 0, 0, 0, 0);

    static Amount connection(Direction direction) {
        return direction == Direction.INBOUND ? new Amount(1, 0, 0, 0, 0) : new Amount(0, 1, 0, 0, 0);
    }

    static Amount stream(Direction direction) {
        return direction == Direction.INBOUND ? new Amount(0, 0, 1, 0, 0) : new Amount(0, 0, 0, 1, 0);
    }

    static Amount memory(long bytes) {
        return new Amount(0, 0, 0, 0, bytes);
    }

    Amount plus(Amount other) {
        return new Amount(
                inboundConnections + other.inboundConnections,
                outboundConnections + other.outboundConnections,
                inboundStreams + other.inboundStreams,
                outboundStreams + other.outboundStreams,
                memoryBytes + other.memoryBytes);
    }

    Amount minus(Amount other) {
        return new Amount(
                inboundConnections - other.inboundConnections,
                outboundConnections - other.outboundConnections,
                inboundStreams - other.inboundStreams,
                outboundStreams - other.outboundStreams,
                memoryBytes - other.memoryBytes);
    }

    boolean isNone() {
        return equals(NONE);
    }

    boolean hasNegative() {
        return inboundConnections < 0
                || outboundConnections < 0
                || inboundStreams < 0
                || outboundStreams < 0
                || memoryBytes < 0;
    }
}

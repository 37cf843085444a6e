package io.kafila.libp2p.internal.limits;

import io.kafila.libp2p.ResourceLimits.Limit;
import io.kafila.libp2p.ResourceManager.Usage;
import org.jspecify.annotations.Nullable;

/** What one scope holds, against its limit. Guarded by the lock of its {@link ResourceAccounts}. */
final class Account {
    private final String name;
    private final Limit limit;
    private Amount held = Amount.NONE;
    private long refusals;

    Account(String name, Limit limit) {
        this.name = name;
        this.limit = limit;
    }

    /** What forbids to add {@code amount}, or {@code null}; counts the refusal. Only what it adds is looked at. */
    @Nullable
    String refusal(Amount amount) {
        Amount sum = held.plus(amount);
        String reason = null;
        if (amount.inboundConnections() > 0 && sum.inboundConnections() > limit.inboundConnections()) {
            reason = sum.inboundConnections() + " inbound connections, want at most " + limit.inboundConnections();
        } else if (amount.outboundConnections() > 0 && sum.outboundConnections() > limit.outboundConnections()) {
            reason = sum.outboundConnections() + " outbound connections, want at most " + limit.outboundConnections();
        } else if (amount.inboundStreams() > 0 && sum.inboundStreams() > limit.inboundStreams()) {
            reason = sum.inboundStreams() + " inbound streams, want at most " + limit.inboundStreams();
        } else if (amount.outboundStreams() > 0 && sum.outboundStreams() > limit.outboundStreams()) {
            reason = sum.outboundStreams() + " outbound streams, want at most " + limit.outboundStreams();
        } else if (amount.memoryBytes() > 0
                && (sum.memoryBytes() > limit.memoryBytes() || sum.memoryBytes() < held.memoryBytes())) {
            reason = amount.memoryBytes() + " bytes more than " + held.memoryBytes() + ", want at most "
                    + limit.memoryBytes();
        }
        if (reason == null) {
            return null;
        }
        refusals++;
        return name + ": " + reason;
    }

    void add(Amount amount) {
        held = held.plus(amount);
    }

    void subtract(Amount amount) {
        held = held.minus(amount);
        if (held.hasNegative()) {
            throw new IllegalStateException("resources of " + name + ": gave back more than was held: " + held);
        }
    }

    Amount held() {
        return held;
    }

    long refusals() {
        return refusals;
    }

    Usage usage() {
        return new Usage(
                held.inboundConnections() + held.outboundConnections(),
                held.inboundStreams(),
                held.outboundStreams(),
                held.memoryBytes(),
                refusals);
    }
}

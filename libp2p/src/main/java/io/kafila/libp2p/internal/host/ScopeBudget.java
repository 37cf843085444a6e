package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.internal.limits.StreamScope;
import io.kafila.libp2p.internal.yamux.StreamBudget;

/** The account of a stream as the muxer sees it. */
record ScopeBudget(StreamScope scope) implements StreamBudget {

    @Override
    public boolean reserve(int bytes) {
        return scope.tryReserve(bytes);
    }

    @Override
    public void release(int bytes) {
        scope.release(bytes);
    }

    @Override
    public void close() {
        scope.close();
    }
}

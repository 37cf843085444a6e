package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.StreamHandler;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The protocols that a host serves. Thread-safe. */
final class ProtocolTable {
    private final Map<String, StreamHandler> handlers = new ConcurrentHashMap<>();

    /** @return whether the set of protocols has changed */
    boolean put(String protocol, StreamHandler handler) {
        return handlers.put(protocol, handler) == null;
    }

    boolean remove(String protocol) {
        return handlers.remove(protocol) != null;
    }

    boolean contains(String protocol) {
        return handlers.containsKey(protocol);
    }

    @Nullable
    StreamHandler handler(String protocol) {
        return handlers.get(protocol);
    }

    Set<String> names() {
        return new TreeSet<>(handlers.keySet());
    }
}

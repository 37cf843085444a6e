package io.kafila.dag.unixfs.internal;

import io.kafila.multiformats.Cid;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The inner nodes of one file that were used last, so that a random read costs one block. Thread-safe; bounded by the
 * number of links, about 100 bytes each.
 */
public final class NodeCache {
    private static final int MAX_LINKS = 32 * 1024;

    private final Map<Cid, UnixfsNode> nodes = new LinkedHashMap<>(16, 0.75f, true);
    private int links;

    synchronized @Nullable UnixfsNode find(Cid cid) {
        return nodes.get(cid);
    }

    /** Keeps a node that has links and no content of its own, which costs no block's memory; others are passed over. */
    synchronized void offer(UnixfsNode node) {
        if (node.contentBytes() > 0 || node.links().isEmpty() || node.links().size() > MAX_LINKS) {
            return;
        }
        if (nodes.put(node.cid(), node) == null) {
            links += node.links().size();
        }
        Iterator<UnixfsNode> eldest = nodes.values().iterator();
        while (links > MAX_LINKS && eldest.hasNext()) {
            links -= eldest.next().links().size();
            eldest.remove();
        }
    }
}

package io.kafila.dag.internal;

import io.kafila.dag.IpldNode;
import io.kafila.dag.PathException;
import io.kafila.multiformats.Cid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Steps from node to node inside of one block. */
public final class NodePaths {
    private NodePaths() {}

    /** What the segment names in the node: the value of a key, the item at an index, or nothing. */
    static @Nullable IpldNode child(IpldNode node, String segment) {
        if (node instanceof IpldNode.MapValue map) {
            return map.entries().get(segment);
        }
        if (node instanceof IpldNode.ListValue list) {
            int index = index(segment);
            return index >= 0 && index < list.items().size() ? list.items().get(index) : null;
        }
        return null;
    }

    /** @throws PathException if a segment names nothing */
    public static IpldNode at(IpldNode node, List<String> segments, Cid block) {
        IpldNode value = node;
        for (String segment : segments) {
            value = child(value, segment);
            if (value == null) {
                throw PathException.noLink(segment, block);
            }
        }
        return value;
    }

    /** A decimal number without leading zeros; -1 where it is none. */
    private static int index(String segment) {
        if (segment.isEmpty() || segment.length() > 9 || (segment.length() > 1 && segment.charAt(0) == '0')) {
            return -1;
        }
        for (int i = 0; i < segment.length(); i++) {
            if (segment.charAt(i) < '0' || segment.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(segment);
    }
}

package io.kafila.dag;

import io.kafila.multiformats.Cid;
import java.util.List;

/**
 * Where a path leads: to a block and, where the path goes on inside of it, the rest of the way.
 *
 * @param namespace of the path after its name was resolved
 * @param cid the last block
 * @param remainder the segments that lead from the root of that block's node to the value; empty for the node itself
 */
public record Resolved(ContentPath.Namespace namespace, Cid cid, List<String> remainder) {

    public Resolved {
        remainder = List.copyOf(remainder);
    }

    /** {@code /ipfs/<cid>/a/b}, the shortest path to the same value. */
    public ContentPath path() {
        return new ContentPath(namespace, cid.toString(), remainder, false);
    }

    /** The remainder as text: empty, or {@code /a/b}. */
    public String remainderText() {
        return remainder.isEmpty() ? "" : "/" + String.join("/", remainder);
    }
}

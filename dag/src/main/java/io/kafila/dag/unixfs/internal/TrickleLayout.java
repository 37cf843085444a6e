package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.UnixfsType;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tree whose nodes have leaves first and then subtrees, four of each depth from 1 up to what the node may have; the root
 * may have any (as boxo ipld/unixfs/importer/trickle).
 */
final class TrickleLayout implements FileLayout {
    private static final int SUBTREES_PER_DEPTH = 4;

    private final int maxLinks;
    private final NodeSink sink;
    private final Deque<Frame> path = new ArrayDeque<>();

    TrickleLayout(int maxLinks, NodeSink sink) {
        this.maxLinks = maxLinks;
        this.sink = sink;
        path.push(new Frame(Integer.MAX_VALUE));
    }

    @Override
    public UnixfsType leafType() {
        return UnixfsType.RAW;
    }

    @Override
    public boolean loneLeafIsRoot() {
        return false;
    }

    @Override
    public void add(Child leaf) {
        while (true) {
            Frame top = path.element();
            if (top.leaves < maxLinks) {
                top.leaves++;
                top.node.add(leaf);
                return;
            }
            if (top.depth < top.maxDepth) {
                path.push(new Frame(top.depth));
                if (++top.subtrees == SUBTREES_PER_DEPTH) {
                    top.subtrees = 0;
                    top.depth++;
                }
            } else {
                closeTop();
            }
        }
    }

    private void closeTop() {
        Child closed = path.pop().node.close(sink);
        path.element().node.add(closed);
    }

    @Override
    public Child finish(OptionalInt mode, Optional<Instant> mtime) {
        while (path.size() > 1) {
            closeTop();
        }
        return path.element().node.close(sink, mode, mtime);
    }

    /** A node on the way to the next leaf. */
    private static final class Frame {
        final OpenNode node = new OpenNode();
        final int maxDepth;
        int leaves;
        /** The depth of the next subtree. */
        int depth = 1;
        /** How many subtrees of this depth there are. */
        int subtrees;

        Frame(int maxDepth) {
            this.maxDepth = maxDepth;
        }
    }
}

package io.kafila.dag.unixfs;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.unixfs.internal.Fetch;
import io.kafila.dag.unixfs.internal.TreeWalk;
import io.kafila.dag.unixfs.internal.UnixfsNode;
import io.kafila.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a Cid is, seen as UnixFS. */
public final class Unixfs {
    /** How many directories may lie within one another in a {@link #tree}. */
    public static final int MAX_TREE_DEPTH = 1024;

    private Unixfs() {}

    /** The kind, sizes and metadata of a Cid, from its one block. */
    public static CompletableFuture<UnixfsStat> stat(BlockSource source, Cid cid) {
        return Fetch.node(source, cid).thenApply(node -> {
            try (node) {
                return stat(node);
            }
        });
    }

    /**
     * The tree below a Cid, each directory before what is in it. Files are opened: what they need beyond their first
     * block is read when they are.
     *
     * <p>A name that is not safe to append to a folder ends the walk with a {@link UnixfsException}; so does a directory
     * deeper than {@value #MAX_TREE_DEPTH}. The caller closes every entry and the cursor.
     */
    public static Cursor<TreeEntry> tree(BlockSource source, Cid root) {
        return new TreeWalk(source, root, (from, node) -> UnixfsFile.take(from, node, UnixfsFile.DEFAULT_AHEAD_BYTES));
    }

    private static UnixfsStat stat(UnixfsNode node) {
        Optional<String> target = node.type() == UnixfsType.SYMLINK
                ? Optional.of(StandardCharsets.UTF_8.decode(node.content()).toString())
                : Optional.empty();
        return new UnixfsStat(
                node.cid(),
                node.type(),
                node.type().isDirectory() ? 0 : node.fileBytes(),
                node.cumulativeBytes(),
                node.links().size(),
                node.mode(),
                node.mtime(),
                target);
    }
}

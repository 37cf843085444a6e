package io.kafila.dag;

import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.internal.Chain;
import io.kafila.dag.internal.DirectoryNames;
import io.kafila.dag.internal.NodePaths;
import io.kafila.dag.internal.Resolution;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Follows content paths through blocks. Immutable and thread-safe.
 *
 * <p>In /ipfs/ a dag-pb node is a UnixFS directory, whose entries the segments name; in /ipld/ it is the map of Links and
 * Data that the data model sees. In nodes of all other codecs segments are keys of maps and indexes of lists, and links
 * are followed as they come.
 */
public final class PathResolver {
    /** How many names may stand for one another, as in boxo's namesys. */
    public static final int MAX_NAME_HOPS = 32;

    /** How many blocks that are nothing but a link to another one may follow one another. */
    public static final int MAX_LINK_HOPS = 64;

    private final Codecs codecs;
    private final NameResolver names;
    private final DirectoryLookup directories;

    /** A resolver that knows UnixFS. */
    public PathResolver(Codecs codecs, NameResolver names) {
        this(codecs, names, new DirectoryNames());
    }

    public PathResolver(Codecs codecs, NameResolver names, DirectoryLookup directories) {
        this.codecs = codecs;
        this.names = names;
        this.directories = directories;
    }

    /**
     * The last block on the path and the way inside of it. The last block itself is not fetched where a link leads to it.
     *
     * <p>Cancelling the future withdraws what is being fetched.
     *
     * @throws PathException (in the future) if the path leads nowhere
     * @throws DagException (in the future) if a block on the way cannot be read
     */
    public CompletableFuture<Resolved> resolve(BlockSource source, ContentPath path) {
        return Chain.then(
                immutable(path, MAX_NAME_HOPS), found -> Resolution.start(source, codecs, directories, found));
    }

    /** The value at the end of the path: {@link #resolve}, and then the remainder inside of the last block. */
    public CompletableFuture<IpldNode> value(BlockSource source, ContentPath path) {
        return resolve(source, path)
                .thenCompose(found -> source.get(found.cid()).thenApply(block -> {
                    try (block) {
                        return NodePaths.at(codecs.decode(block), found.remainder(), found.cid());
                    }
                }));
    }

    /** The path with its name replaced by what it stands for; the path itself where it is immutable. */
    public CompletableFuture<ContentPath> immutable(ContentPath path) {
        return immutable(path, MAX_NAME_HOPS);
    }

    private CompletableFuture<ContentPath> immutable(ContentPath path, int hopsLeft) {
        if (!path.mutable()) {
            return CompletableFuture.completedFuture(path);
        }
        if (hopsLeft == 0) {
            return CompletableFuture.failedFuture(PathException.unresolvedName(
                    path.root(),
                    "recursion limit exceeded: more than " + MAX_NAME_HOPS + " names stand for one another",
                    null));
        }
        List<String> rest = path.segments();
        return Chain.then(names.resolve(path.root()), found -> immutable(found.join(rest), hopsLeft - 1));
    }
}

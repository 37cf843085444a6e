package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.multiformats.Cid;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The way of one name down a directory: one block where it is plain, one for each level where it is sharded. */
public final class HamtLookup {
    private final BlockSource source;
    private final String name;
    private final long hash;

    public HamtLookup(BlockSource source, String name) {
        this.source = source;
        this.name = name;
        this.hash = HamtNames.hash(name);
    }

    /** What the directory of {@code cid} has under the name; the first one where it is there twice. */
    public CompletableFuture<Optional<Cid>> in(Cid cid) {
        return Fetch.node(source, cid).thenCompose(node -> {
            try (node) {
                return find(node, 0, 0);
            }
        });
    }

    private CompletableFuture<Optional<Cid>> find(UnixfsNode node, int level, int fanout) {
        if (node.type() == UnixfsType.DIRECTORY && level == 0) {
            return CompletableFuture.completedFuture(node.links().stream()
                    .filter(link -> link.name().equals(name))
                    .findFirst()
                    .map(PbLink::cid));
        }
        if (node.type() != UnixfsType.HAMT_SHARD) {
            throw level > 0
                    ? UnixfsNode.fault(node.cid(), "a " + node.type() + " node in a sharded directory", "a shard")
                    : DirectoryCursor.notDirectory(node);
        }
        DirectoryCursor.checkShard(node, level, fanout);
        String prefix = HamtNames.prefix(HamtNames.slot(hash, level, node.fanout()), HamtNames.digits(node.fanout()));
        for (PbLink link : node.links()) {
            if (link.name().equals(prefix)) {
                return Fetch.node(source, link.cid()).thenCompose(child -> {
                    try (child) {
                        return find(child, level + 1, node.fanout());
                    }
                });
            }
            if (link.name().equals(prefix + name)) {
                return CompletableFuture.completedFuture(Optional.of(link.cid()));
            }
        }
        return CompletableFuture.completedFuture(Optional.empty());
    }
}

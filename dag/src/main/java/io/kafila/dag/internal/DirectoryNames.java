package io.kafila.dag.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.DirectoryLookup;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsDirectory;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.multiformats.Cid;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Names in dag-pb nodes as go-unixfsnode sees them: directories by their entries, sharded ones by their shards, files have
 * none, and every other node, UnixFS or not, by the names of its links.
 */
public final class DirectoryNames implements DirectoryLookup {

    @Override
    public CompletableFuture<Optional<Cid>> lookup(BlockSource source, Cid directory, String name) {
        return Chain.then(source.get(directory), block -> {
            try (block) {
                return in(source, block, name);
            }
        });
    }

    private static CompletableFuture<Optional<Cid>> in(BlockSource source, Block block, String name) {
        DagPbNode node = DagPbNode.decode(block.payload().buffer());
        Optional<UnixfsType> type = node.data().flatMap(DirectoryNames::type);
        if (type.filter(UnixfsType.HAMT_SHARD::equals).isPresent()) {
            return UnixfsDirectory.lookup(source, block.cid(), name);
        }
        if (type.filter(UnixfsType::isFile).isPresent()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return CompletableFuture.completedFuture(node.links().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .map(PbLink::cid));
    }

    private static Optional<UnixfsType> type(ByteBuffer data) {
        try {
            return Optional.of(UnixfsData.decode(data).type());
        } catch (UnixfsException e) {
            // Not UnixFS, which is no fault of a dag-pb node.
            return Optional.empty();
        }
    }
}

package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.ImportException;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** An inner node of a file that still takes links. */
final class OpenNode {
    /** The least that a link and its blocksize take in a block. */
    private static final int LINK_BYTES = 40;

    private final List<PbLink> links = new ArrayList<>();
    private final List<Long> blocksizes = new ArrayList<>();
    private long fileBytes;

    void add(Child child) {
        if ((long) links.size() * LINK_BYTES > Block.MAX_SIZE_BYTES) {
            throw new ImportException("import: a file node of " + links.size()
                    + " links does not fit a block, want a lower max-file-links");
        }
        links.add(new PbLink(child.cid(), "", child.tsize()));
        blocksizes.add(child.fileBytes());
        fileBytes += child.fileBytes();
    }

    int size() {
        return links.size();
    }

    Child close(NodeSink sink) {
        return close(sink, OptionalInt.empty(), Optional.empty());
    }

    Child close(NodeSink sink, OptionalInt mode, Optional<Instant> mtime) {
        UnixfsData data =
                UnixfsData.of(UnixfsType.FILE).withFile(fileBytes, blocksizes).withMetadata(mode, mtime);
        Child node = sink.node(links, data);
        return new Child(node.cid(), node.tsize(), fileBytes);
    }
}

package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.dag.DagException;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A block read as UnixFS, with its data and its links checked against each other. It owns the block as long as it has
 * content; a node that only links keeps none of the block's memory. Immutable but for its count of owners.
 */
public final class UnixfsNode implements AutoCloseable {
    private static final long MURMUR3_X64_64 = 0x22;

    private final Cid cid;
    private final UnixfsData data;
    private final List<PbLink> links;
    private final long fileBytes;
    private final long blockBytes;
    private final Payload content;
    private final int contentBytes;

    private UnixfsNode(Cid cid, UnixfsData data, List<PbLink> links, long fileBytes, long blockBytes, Payload content) {
        this.cid = cid;
        this.data = data;
        this.links = links;
        this.fileBytes = fileBytes;
        this.blockBytes = blockBytes;
        this.content = content;
        this.contentBytes = content.size();
    }

    /** Takes ownership of {@code block}, also where it fails. */
    public static UnixfsNode take(Block block) {
        try (block) {
            return block.cid().codec() == Multicodec.RAW.code() ? ofRaw(block) : ofDagPb(block);
        } catch (UnixfsException e) {
            throw e;
        } catch (DagException e) {
            throw new UnixfsException("unixfs: block " + block.cid() + ": " + e.getMessage(), e);
        }
    }

    private static UnixfsNode ofRaw(Block block) {
        UnixfsData data = UnixfsData.of(UnixfsType.RAW);
        int size = block.sizeBytes();
        return new UnixfsNode(
                block.cid(),
                data,
                List.of(),
                size,
                size,
                size == 0 ? Payload.empty() : block.payload().slice(0, size));
    }

    private static UnixfsNode ofDagPb(Block block) {
        Cid cid = block.cid();
        if (cid.codec() != Multicodec.DAG_PB.code()) {
            throw new UnixfsException(
                    "unixfs: " + cid + " has codec 0x" + Long.toHexString(cid.codec()) + ", want raw or dag-pb");
        }
        DagPbNode node = DagPbNode.decode(block.payload().buffer());
        ByteBuffer bytes = node.data().orElseThrow(() -> fault(cid, "a node without data", "UnixFS data"));
        UnixfsData data;
        try {
            data = UnixfsData.decode(bytes);
        } catch (UnixfsException e) {
            throw new UnixfsException("unixfs: block " + cid + ": " + e.getMessage(), e);
        }
        long fileBytes = 0;
        switch (data.type()) {
            case RAW, FILE -> fileBytes = checkedFileBytes(cid, data, node.links());
            case HAMT_SHARD -> checkShard(cid, data, node.links());
            case SYMLINK -> fileBytes = contentOf(data).remaining();
            case DIRECTORY -> {}
            case METADATA -> throw fault(cid, "a node of type metadata", "a file, directory or symlink");
        }
        ByteBuffer content = contentOf(data);
        Payload payload =
                content.hasRemaining() ? Payload.of(List.of(content), block.retain()::close) : Payload.empty();
        // The view of the data must not outlive the block that it lies in.
        UnixfsData kept = new UnixfsData(
                data.type(),
                Optional.empty(),
                data.filesize(),
                data.blocksizes(),
                data.hashType(),
                data.fanout(),
                data.mode(),
                data.mtime());
        return new UnixfsNode(cid, kept, node.links(), fileBytes, block.sizeBytes(), payload);
    }

    private static ByteBuffer contentOf(UnixfsData data) {
        return data.data().orElseGet(() -> ByteBuffer.allocate(0));
    }

    private static long checkedFileBytes(Cid cid, UnixfsData data, List<PbLink> links) {
        List<Long> sizes = data.blocksizes();
        if (sizes.size() != links.size()) {
            throw fault(cid, sizes.size() + " blocksizes for " + links.size() + " links", "one for each");
        }
        long sum = contentOf(data).remaining();
        for (int i = 0; i < sizes.size(); i++) {
            if (!links.get(i).name().isEmpty()) {
                throw fault(
                        cid,
                        "link " + i + " to a chunk with the name \""
                                + links.get(i).name() + "\"",
                        "no name");
            }
            sum += sizes.get(i);
            if (sum < 0) {
                throw fault(cid, "a file of 2^63 bytes or more", "less");
            }
        }
        if (data.filesize().isPresent() && data.filesize().getAsLong() != sum) {
            throw fault(
                    cid,
                    "a filesize of " + data.filesize().getAsLong() + " bytes",
                    "the sum of data and blocksizes, " + sum);
        }
        return sum;
    }

    private static void checkShard(Cid cid, UnixfsData data, List<PbLink> links) {
        if (data.hashType().orElse(-1) != MURMUR3_X64_64) {
            throw fault(
                    cid,
                    "a shard with hash function 0x"
                            + Long.toHexString(data.hashType().orElse(0)),
                    "murmur3-x64-64");
        }
        if (data.fanout().isEmpty()) {
            throw fault(cid, "a shard without fanout", "one");
        }
        int fanout = data.fanout().getAsInt();
        ByteBuffer bits = contentOf(data);
        if (bits.remaining() > fanout / 8) {
            throw fault(cid, "a bitfield of " + bits.remaining() + " bytes", "at most " + fanout / 8);
        }
        int link = 0;
        int digits = HamtNames.digits(fanout);
        // The bitfield is a big-endian number without leading zeros; its lowest bit is slot 0.
        for (int slot = 0; slot < bits.remaining() * 8; slot++) {
            int at = bits.limit() - 1 - slot / 8;
            if ((bits.get(at) & 1 << slot % 8) != 0) {
                if (link == links.size()) {
                    throw fault(cid, "a bitfield with more bits than the " + links.size() + " links", "one for each");
                }
                String name = links.get(link).name();
                if (!name.startsWith(HamtNames.prefix(slot, digits))) {
                    throw fault(
                            cid,
                            "link " + link + " with the name \"" + name + "\"",
                            "one that begins with " + HamtNames.prefix(slot, digits));
                }
                link++;
            }
        }
        if (link != links.size()) {
            throw fault(cid, links.size() + " links for " + link + " bits", "one for each");
        }
    }

    static UnixfsException fault(Cid cid, String seen, String wanted) {
        return new UnixfsException("unixfs: block " + cid + ": " + seen + ", want " + wanted);
    }

    public Cid cid() {
        return cid;
    }

    public UnixfsType type() {
        return data.type();
    }

    public List<PbLink> links() {
        return links;
    }

    /** How many bytes of the file lie below link {@code i}. */
    long blocksize(int i) {
        return data.blocksizes().get(i);
    }

    /** The slots of a shard. */
    int fanout() {
        return data.fanout().orElse(0);
    }

    /** The length of the file at and below this node, or of a symlink's target. */
    public long fileBytes() {
        return fileBytes;
    }

    /** The size of this block and of all below it, as the links tell; at most {@code Long.MAX_VALUE}. */
    public long cumulativeBytes() {
        long sum = blockBytes;
        for (PbLink link : links) {
            sum += Math.max(0, link.tsize());
            if (sum < 0) {
                return Long.MAX_VALUE;
            }
        }
        return sum;
    }

    public OptionalInt mode() {
        return data.permissions();
    }

    public Optional<Instant> mtime() {
        return data.mtime();
    }

    /** The bytes of the file that lie in this very block, before those of the links. */
    int contentBytes() {
        return contentBytes;
    }

    /** The target of a symlink or the bitfield of a shard; valid while this node is owned. */
    public ByteBuffer content() {
        return content.buffer();
    }

    /** A part of the content with an owner of its own. */
    Payload content(int offset, int length) {
        return content.slice(offset, length);
    }

    /** One more owner. Of a node without content anybody may be the owner, at any time. */
    UnixfsNode retain() {
        if (contentBytes > 0) {
            content.retain();
        }
        return this;
    }

    @Override
    public void close() {
        if (contentBytes > 0) {
            content.close();
        }
    }
}

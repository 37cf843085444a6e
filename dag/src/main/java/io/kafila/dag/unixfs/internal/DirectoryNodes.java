package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.ImportException;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Directories from all of their entries: plain, or sharded where they are too large (boxo ipld/unixfs/io/directory.go and
 * hamt/hamt.go). Boxo decides at every entry that is added; as the reckoned size only grows, the last decision is the same.
 */
final class DirectoryNodes {
    private static final long MURMUR3_X64_64 = 0x22;

    private final ImportPlan plan;
    private final NodeSink sink;

    DirectoryNodes(ImportPlan plan, NodeSink sink) {
        this.plan = plan;
        this.sink = sink;
    }

    /**
     * A directory that was made.
     *
     * @param names of its entries, in the order of the links
     */
    record Made(Child node, List<String> names) {}

    Made make(String path, List<PbLink> entries, OptionalInt mode, Optional<Instant> mtime) {
        List<Entry> sorted = new ArrayList<>(entries.size());
        entries.forEach(link -> sorted.add(new Entry(link)));
        sorted.sort(Comparator.comparing((Entry entry) -> entry.name, Arrays::compareUnsigned));
        for (int i = 1; i < sorted.size(); i++) {
            if (Arrays.equals(sorted.get(i - 1).name, sorted.get(i).name)) {
                throw new ImportException("import: directory \"" + path + "\" already has an entry by the name \""
                        + sorted.get(i).link.name() + "\", or was left before it was complete");
            }
        }
        UnixfsData data = UnixfsData.of(UnixfsType.DIRECTORY).withMetadata(mode, mtime);
        if (!isSharded(path, sorted, data)) {
            return new Made(sink.node(links(sorted), data), names(sorted));
        }
        sorted.forEach(entry -> entry.hash = HamtNames.hash(entry.link.name()));
        sorted.sort((a, b) -> Long.compareUnsigned(a.hash, b.hash));
        return new Made(shard(path, sorted, 0, mode, mtime), names(sorted));
    }

    private static List<PbLink> links(List<Entry> entries) {
        return entries.stream().map(entry -> entry.link).toList();
    }

    private static List<String> names(List<Entry> entries) {
        return entries.stream().map(entry -> entry.link.name()).toList();
    }

    private boolean isSharded(String path, List<Entry> entries, UnixfsData data) {
        boolean tooMany = plan.maxDirectoryLinks() > 0 && entries.size() > plan.maxDirectoryLinks();
        if (plan.hamtThresholdBytes() == 0) {
            if (tooMany) {
                throw new ImportException("import: directory \"" + path + "\" has " + entries.size()
                        + " entries and sharding is off, want at most " + plan.maxDirectoryLinks());
            }
            return false;
        }
        long size = switch (plan.sizeEstimation()) {
            case DISABLED -> 0;
            case LINKS ->
                entries.stream()
                        .mapToLong(entry -> entry.name.length + entry.link.cid().size())
                        .sum();
            case BLOCK ->
                field(data.encode().length)
                        + entries.stream().mapToLong(DirectoryNodes::linkBytes).sum();
        };
        return tooMany || size > plan.hamtThresholdBytes();
    }

    /** What a link takes in a dag-pb block. */
    private static long linkBytes(Entry entry) {
        return field(field(entry.link.cid().size())
                + field(entry.name.length)
                + 1
                + ProtoWriter.varintSize(entry.link.tsize()));
    }

    /** A length-delimited field with a tag of one byte. */
    private static long field(long length) {
        return 1 + ProtoWriter.varintSize(length) + length;
    }

    private Child shard(String path, List<Entry> entries, int level, OptionalInt mode, Optional<Instant> mtime) {
        int fanout = plan.maxHamtFanout();
        if (!HamtNames.reaches(level, fanout)) {
            throw new ImportException("import: directory \"" + path + "\": the names \""
                    + entries.get(0).link.name() + "\" and \""
                    + entries.get(1).link.name()
                    + "\" have the same hash: sharded directory too deep");
        }
        int digits = HamtNames.digits(fanout);
        byte[] bits = new byte[fanout / 8];
        List<PbLink> links = new ArrayList<>();
        int from = 0;
        while (from < entries.size()) {
            int slot = HamtNames.slot(entries.get(from).hash, level, fanout);
            int to = from + 1;
            while (to < entries.size() && HamtNames.slot(entries.get(to).hash, level, fanout) == slot) {
                to++;
            }
            bits[bits.length - 1 - slot / 8] |= (byte) (1 << slot % 8);
            String prefix = HamtNames.prefix(slot, digits);
            if (to - from == 1) {
                PbLink link = entries.get(from).link;
                links.add(new PbLink(link.cid(), prefix + link.name(), link.tsize()));
            } else {
                Child child = shard(path, entries.subList(from, to), level + 1, OptionalInt.empty(), Optional.empty());
                links.add(new PbLink(child.cid(), prefix, child.tsize()));
            }
            from = to;
        }
        return sink.node(
                links,
                UnixfsData.of(UnixfsType.HAMT_SHARD)
                        .withData(withoutLeadingZeros(bits))
                        .withShard(MURMUR3_X64_64, fanout)
                        .withMetadata(mode, mtime));
    }

    private static ByteBuffer withoutLeadingZeros(byte[] bits) {
        int from = 0;
        while (from < bits.length && bits[from] == 0) {
            from++;
        }
        return ByteBuffer.wrap(bits, from, bits.length - from);
    }

    /** @throws ImportException if a block would be too large */
    static void checkBlock(int sizeBytes, UnixfsType type, int links) {
        if (sizeBytes > Block.MAX_SIZE_BYTES) {
            throw new ImportException("import: a " + type + " node of " + links + " links takes " + sizeBytes
                    + " bytes, want at most " + Block.MAX_SIZE_BYTES);
        }
    }

    /** An entry with the bytes that it is sorted by. */
    private static final class Entry {
        final PbLink link;
        final byte[] name;
        long hash;

        Entry(PbLink link) {
            this.link = link;
            this.name = link.name().getBytes(StandardCharsets.UTF_8);
        }
    }
}

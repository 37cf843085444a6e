package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.DirectoryEntry;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.multiformats.Cid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a plain or sharded directory in the order of the links, with the shards to come asked for ahead.
 *
 * <p>An entry must lie where its name's hash says, and every shard below the root must have one. So a block can stand in
 * one place only, what is listed can be looked up, and a few blocks cannot pretend to be millions of entries. Each call
 * runs to its end before the next; no lock is needed.
 */
public final class DirectoryCursor implements Cursor<DirectoryEntry> {
    /** How many shards are asked for ahead. */
    private static final int SHARDS_AHEAD = 64;

    /** How many links are looked through for shards to ask for. */
    private static final int LINKS_AHEAD = 4096;

    private final BlockSource source;
    private final Deque<Item> items = new ArrayDeque<>();
    private boolean closed;

    /** The entries of the directory of a Cid. */
    public DirectoryCursor(BlockSource source, Cid cid) {
        this.source = source;
        items.add(new Item(new PbLink(cid, "", 0), 0, 0, 0));
    }

    /** The entries of a directory that is at hand; borrowed. */
    DirectoryCursor(BlockSource source, UnixfsNode root) {
        this.source = source;
        Item item = new Item(new PbLink(root.cid(), "", 0), 0, 0, 0);
        item.shard = CompletableFuture.completedFuture(root.retain());
        items.add(item);
    }

    @Override
    public CompletableFuture<List<DirectoryEntry>> next(int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("cursor: limit " + limit + ", want at least 1");
        }
        CompletableFuture<List<DirectoryEntry>> result = new CompletableFuture<>();
        advance(result, new ArrayList<>(), limit);
        return result;
    }

    private void advance(CompletableFuture<List<DirectoryEntry>> result, List<DirectoryEntry> found, int limit) {
        try {
            while (found.size() < limit && !closed) {
                Item item = items.peekFirst();
                if (item == null) {
                    break;
                }
                if (item.isEntry()) {
                    items.removeFirst();
                    found.add(item.entry());
                    continue;
                }
                askAhead();
                CompletableFuture<UnixfsNode> shard = ask(item);
                if (!shard.isDone()) {
                    if (found.isEmpty()) {
                        shard.whenComplete((node, failure) -> advance(result, found, limit));
                        return;
                    }
                    break;
                }
                UnixfsNode node = shard.join();
                items.removeFirst();
                try (node) {
                    expand(item, node);
                }
            }
            result.complete(List.copyOf(found));
        } catch (RuntimeException e) {
            close();
            result.completeExceptionally(Fetch.cause(e));
        }
    }

    private void expand(Item item, UnixfsNode node) {
        if (item.level == 0 && node.type() == UnixfsType.DIRECTORY) {
            node.links().forEach(link -> items.addLast(new Item(link, 0, -1, 0)));
            return;
        }
        if (node.type() != UnixfsType.HAMT_SHARD) {
            if (item.level > 0) {
                throw UnixfsNode.fault(node.cid(), "a " + node.type() + " node in a sharded directory", "a shard");
            }
            throw notDirectory(node);
        }
        int fanout = node.fanout();
        checkShard(node, item.level, item.fanout);
        int digits = HamtNames.digits(fanout);
        List<PbLink> links = node.links();
        for (int i = links.size() - 1; i >= 0; i--) {
            PbLink link = links.get(i);
            long slot = Integer.parseInt(link.name().substring(0, digits), 16);
            long path = item.path << HamtNames.bits(fanout) | slot;
            Item child;
            if (link.name().length() == digits) {
                child = new Item(link, path, item.level + 1, fanout);
            } else {
                String name = link.name().substring(digits);
                int unused = Long.SIZE - (item.level + 1) * HamtNames.bits(fanout);
                if (HamtNames.hash(name) >>> unused != path) {
                    throw UnixfsNode.fault(node.cid(), "the entry \"" + name + "\"", "it where its hash says");
                }
                child = new Item(new PbLink(link.cid(), name, link.tsize()), 0, -1, 0);
            }
            items.addFirst(child);
        }
    }

    /** @param fanout that of the shard above; 0 at the root */
    static void checkShard(UnixfsNode node, int level, int fanout) {
        if (level > 0 && node.fanout() != fanout) {
            throw UnixfsNode.fault(node.cid(), "a shard with fanout " + node.fanout(), fanout + " as above it");
        }
        if (level > 0 && node.links().isEmpty()) {
            throw UnixfsNode.fault(node.cid(), "an empty shard", "at least one entry");
        }
        if (!HamtNames.reaches(level, node.fanout())) {
            throw UnixfsNode.fault(node.cid(), "a shard at level " + level, "no more than the hash has bits for");
        }
    }

    static UnixfsException notDirectory(UnixfsNode node) {
        return new UnixfsException("unixfs: " + node.cid() + " is a "
                + (node.type() == UnixfsType.SYMLINK ? "symlink" : "file") + ", want a directory");
    }

    private void askAhead() {
        int shards = 0;
        int links = 0;
        Iterator<Item> ahead = items.iterator();
        while (ahead.hasNext() && shards < SHARDS_AHEAD && links++ < LINKS_AHEAD) {
            Item item = ahead.next();
            if (!item.isEntry()) {
                shards++;
                ask(item);
            }
        }
    }

    private CompletableFuture<UnixfsNode> ask(Item item) {
        CompletableFuture<UnixfsNode> shard = item.shard;
        if (shard == null) {
            shard = Fetch.node(source, item.link.cid());
            item.shard = shard;
        }
        return shard;
    }

    @Override
    public void close() {
        closed = true;
        for (Item item : items) {
            if (item.shard != null) {
                Fetch.discard(item.shard);
            }
        }
        items.clear();
    }

    /** An entry, or a shard (the root among them) that is still to be read. */
    private static final class Item {
        final PbLink link;
        /** The bits of the hash that lead to the shard. */
        final long path;
        /** Of the shard, 0 for the root; -1 for an entry. */
        final int level;

        final int fanout;

        @Nullable
        CompletableFuture<UnixfsNode> shard;

        Item(PbLink link, long path, int level, int fanout) {
            this.link = link;
            this.path = path;
            this.level = level;
            this.fanout = fanout;
        }

        boolean isEntry() {
            return level < 0;
        }

        DirectoryEntry entry() {
            return new DirectoryEntry(link.name(), link.cid(), link.tsize());
        }
    }
}

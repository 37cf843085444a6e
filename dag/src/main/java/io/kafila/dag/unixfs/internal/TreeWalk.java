package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.unixfs.DirectoryEntry;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.TreeEntry;
import io.kafila.dag.unixfs.Unixfs;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.dag.unixfs.UnixfsFile;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A tree in pre-order. The first blocks of the next entries of a directory are asked for ahead, within a budget. Each call
 * runs to its end before the next; no lock is needed.
 */
public final class TreeWalk implements Cursor<TreeEntry> {
    private static final int ENTRIES_AHEAD = 512;
    private static final long AHEAD_BYTES = 16L * 1024 * 1024;

    private final BlockSource source;
    private final BiFunction<BlockSource, UnixfsNode, UnixfsFile> files;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private @Nullable CompletableFuture<UnixfsNode> root;
    private boolean closed;

    /** @param files makes a file of its first node, which it takes */
    public TreeWalk(BlockSource source, Cid root, BiFunction<BlockSource, UnixfsNode, UnixfsFile> files) {
        this.source = source;
        this.files = files;
        this.root = Fetch.node(source, root);
    }

    @Override
    public CompletableFuture<List<TreeEntry>> next(int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("cursor: limit " + limit + ", want at least 1");
        }
        CompletableFuture<List<TreeEntry>> result = new CompletableFuture<>();
        advance(result, new ArrayList<>(), limit);
        return result;
    }

    private void advance(CompletableFuture<List<TreeEntry>> result, List<TreeEntry> found, int limit) {
        try {
            while (found.size() < limit && !closed) {
                CompletableFuture<?> wanted = step(found);
                if (wanted == null) {
                    break;
                }
                if (!wanted.isDone()) {
                    if (found.isEmpty()) {
                        wanted.whenComplete((node, failure) -> advance(result, found, limit));
                        return;
                    }
                    break;
                }
                wanted.join();
            }
            result.complete(List.copyOf(found));
        } catch (RuntimeException e) {
            found.forEach(TreeEntry::close);
            close();
            result.completeExceptionally(Fetch.cause(e));
        }
    }

    /** Goes on by one entry if it is at hand; otherwise answers what it waits for, and {@code null} at the end. */
    private @Nullable CompletableFuture<?> step(List<TreeEntry> found) {
        CompletableFuture<UnixfsNode> start = root;
        if (start != null) {
            if (start.isDone()) {
                UnixfsNode node = start.join();
                root = null;
                emit("", node, found);
            }
            return start;
        }
        Frame frame = frames.peek();
        if (frame == null) {
            return null;
        }
        CompletableFuture<List<DirectoryEntry>> listing = frame.fill();
        Child child = frame.children.peek();
        if (child == null) {
            if (listing.isDone() && listing.join().isEmpty()) {
                frames.pop().entries.close();
                return CompletableFuture.completedFuture(null);
            }
            return listing;
        }
        if (child.node.isDone()) {
            UnixfsNode node = child.node.join();
            frame.take();
            emit(frame.path.isEmpty() ? child.name : frame.path + "/" + child.name, node, found);
        }
        return child.node;
    }

    private void emit(String path, UnixfsNode node, List<TreeEntry> found) {
        if (node.type().isFile()) {
            found.add(
                    entry(path, ImportEntry.Kind.FILE, node, Optional.of(files.apply(source, node)), Optional.empty()));
            return;
        }
        try (node) {
            if (node.type() == UnixfsType.SYMLINK) {
                String target = StandardCharsets.UTF_8.decode(node.content()).toString();
                found.add(entry(path, ImportEntry.Kind.SYMLINK, node, Optional.empty(), Optional.of(target)));
                return;
            }
            if (frames.size() == Unixfs.MAX_TREE_DEPTH) {
                throw new UnixfsException("unixfs: a tree deeper than " + Unixfs.MAX_TREE_DEPTH + " directories at "
                        + node.cid() + ", want less");
            }
            frames.push(new Frame(path, node));
            found.add(entry(path, ImportEntry.Kind.DIRECTORY, node, Optional.empty(), Optional.empty()));
        }
    }

    private static TreeEntry entry(
            String path, ImportEntry.Kind kind, UnixfsNode node, Optional<UnixfsFile> file, Optional<String> target) {
        return new TreeEntry(path, kind, node.cid(), file, target, node.mode(), node.mtime());
    }

    @Override
    public void close() {
        closed = true;
        if (root != null) {
            Fetch.discard(root);
            root = null;
        }
        frames.forEach(Frame::close);
        frames.clear();
    }

    private record Child(String name, CompletableFuture<UnixfsNode> node, long estimatedBytes) {}

    /** A directory that is being walked. */
    private final class Frame {
        final String path;
        final Cid cid;
        final DirectoryCursor entries;
        final Deque<Child> children = new ArrayDeque<>();
        private long aheadBytes;
        private CompletableFuture<List<DirectoryEntry>> listing;
        private final Deque<DirectoryEntry> listed = new ArrayDeque<>();

        Frame(String path, UnixfsNode node) {
            this.path = path;
            this.cid = node.cid();
            this.entries = new DirectoryCursor(source, node);
            this.listing = entries.next(ENTRIES_AHEAD);
        }

        /** Asks for as many children as the budget allows; answers the listing that is under way or was the last. */
        CompletableFuture<List<DirectoryEntry>> fill() {
            while (children.size() < ENTRIES_AHEAD && (children.isEmpty() || aheadBytes < AHEAD_BYTES)) {
                if (listed.isEmpty()) {
                    if (!listing.isDone()
                            || listing.isCompletedExceptionally()
                            || listing.join().isEmpty()) {
                        break;
                    }
                    listed.addAll(listing.join());
                    listing = entries.next(ENTRIES_AHEAD);
                }
                DirectoryEntry entry = listed.remove();
                SafeNames.check(entry.name(), cid);
                long estimated = Math.min(Math.max(entry.tsize(), 0), Block.MAX_SIZE_BYTES);
                children.add(new Child(entry.name(), Fetch.node(source, entry.cid()), estimated));
                aheadBytes += estimated;
            }
            return listing;
        }

        void take() {
            aheadBytes -= children.remove().estimatedBytes();
        }

        void close() {
            children.forEach(child -> Fetch.discard(child.node()));
            entries.close();
        }
    }
}

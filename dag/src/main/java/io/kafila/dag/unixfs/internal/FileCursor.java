package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A range of a file as payloads, in order, with the blocks to come asked for within a budget.
 *
 * <p>It holds a list of pieces: subtrees of which only the Cid and the place in the file are known. The first pieces are
 * asked for, as many as the budget allows; one that turns out to have links is replaced by its children. So memory is
 * bounded by the budget and by {@value #MAX_PIECES} pieces. Each call runs to its end before the next, as a cursor
 * demands, in the caller's thread or in that of the block it waited for; no lock is needed.
 */
public final class FileCursor implements Cursor<Payload> {
    /** How deep a file may be: a tree of two links each over 2^64 bytes has 64 levels. */
    static final int MAX_DEPTH = 128;

    /** How many pieces may be known and unread; an honest file has some thousands. */
    static final int MAX_PIECES = 1 << 18;

    /** How many pieces are asked for at once at most: small ones must not become a flood of wants. */
    private static final int MAX_ASKED = 4096;

    /** Beyond this many pieces inner nodes are looked into only when the reader comes to them. */
    private static final int MANY_PIECES = 1 << 14;

    /** What one piece counts for at most, so that sums do not overflow. */
    private static final long MAX_COUNTED_BYTES = 1L << 40;

    private final BlockSource source;
    private final NodeCache cache;
    private final long from;
    private final long to;
    private final long maxAheadBytes;
    private long aheadBytes;

    private @Nullable Piece first;
    private int pieces;
    /** The first piece that may not be asked for yet: all before it are. */
    private @Nullable Piece unasked;
    /** How many bytes of the file the pieces have that are asked for: what the budget limits. */
    private long askedBytes;

    private int asked;
    /** Pieces whose nodes have come and have links, told by whichever thread brought them. */
    private final Queue<Piece> inner = new ConcurrentLinkedQueue<>();

    private boolean closed;

    /**
     * @param root the file's node; borrowed
     * @param from where to begin, in bytes
     * @param to where to end, exclusive, at most the file's length
     * @param firstAheadBytes the budget at first; it doubles with each block read, up to {@code maxAheadBytes}
     */
    public FileCursor(
            BlockSource source,
            NodeCache cache,
            UnixfsNode root,
            long from,
            long to,
            long firstAheadBytes,
            long maxAheadBytes) {
        this.source = source;
        this.cache = cache;
        this.from = from;
        this.to = to;
        this.aheadBytes = Math.min(firstAheadBytes, maxAheadBytes);
        this.maxAheadBytes = maxAheadBytes;
        if (from < to) {
            Piece piece = new Piece(root.cid(), 0, root.fileBytes(), 0);
            piece.node = CompletableFuture.completedFuture(root.retain());
            askedBytes = piece.countedBytes();
            asked = 1;
            first = piece;
            pieces = 1;
        }
    }

    @Override
    public CompletableFuture<List<Payload>> next(int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("cursor: limit " + limit + ", want at least 1");
        }
        CompletableFuture<List<Payload>> result = new CompletableFuture<>();
        advance(result, new ArrayList<>(), limit);
        return result;
    }

    private void advance(CompletableFuture<List<Payload>> result, List<Payload> found, int limit) {
        try {
            while (found.size() < limit) {
                Piece piece = first;
                if (piece == null || closed) {
                    break;
                }
                CompletableFuture<UnixfsNode> wanted = ask(piece);
                askAhead();
                if (!wanted.isDone()) {
                    if (found.isEmpty()) {
                        wanted.whenComplete((node, failure) -> advance(result, found, limit));
                        return;
                    }
                    break;
                }
                consume(piece, wanted.join(), found);
            }
            result.complete(List.copyOf(found));
        } catch (RuntimeException e) {
            found.forEach(Payload::close);
            close();
            result.completeExceptionally(Fetch.cause(e));
        }
    }

    /** Takes the first piece, whose node is there: its bytes of the range, and its children in its place. */
    private void consume(Piece piece, UnixfsNode node, List<Payload> found) {
        Piece next = piece.next;
        remove(piece);
        try (node) {
            fault(piece, node).ifPresent(fault -> {
                throw fault;
            });
            insertChildren(node, piece, null, next);
            int contentFrom = (int) Math.max(0, Math.min(node.contentBytes(), from - piece.start));
            int contentTo = (int) Math.max(0, Math.min(node.contentBytes(), to - piece.start));
            if (contentFrom < contentTo) {
                found.add(node.content(contentFrom, contentTo - contentFrom));
                aheadBytes = Math.min(maxAheadBytes, aheadBytes * 2);
            }
        }
    }

    private void askAhead() {
        for (Piece piece = inner.poll(); piece != null; piece = inner.poll()) {
            expand(piece);
        }
        Piece piece = unasked;
        while (piece != null && askedBytes < aheadBytes && asked < MAX_ASKED) {
            ask(piece);
            piece = piece.next;
        }
        unasked = piece;
    }

    /** Replaces an inner node further on by its children, to ask for them already. A fault waits for its turn. */
    private void expand(Piece piece) {
        CompletableFuture<UnixfsNode> come = piece.node;
        if (piece.removed || piece == first || come == null || pieces > MANY_PIECES) {
            return;
        }
        UnixfsNode node = come.join();
        if (fault(piece, node).isEmpty()) {
            Piece previous = piece.previous;
            Piece next = piece.next;
            remove(piece);
            try (node) {
                insertChildren(node, piece, previous, next);
            }
        }
    }

    private void remove(Piece piece) {
        piece.removed = true;
        pieces--;
        askedBytes -= piece.countedBytes();
        asked--;
        if (unasked == piece) {
            unasked = piece.next;
        }
        link(piece.previous, piece.next);
    }

    private void link(@Nullable Piece previous, @Nullable Piece next) {
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
    }

    /** Puts those children of {@code node} that have bytes of the range between two pieces. */
    private void insertChildren(UnixfsNode node, Piece parent, @Nullable Piece previous, @Nullable Piece next) {
        Piece last = previous;
        long start = parent.start + node.contentBytes();
        for (int i = 0; i < node.links().size(); i++) {
            long size = node.blocksize(i);
            if (size > 0 && start < to && start + size > from) {
                if (++pieces > MAX_PIECES) {
                    throw new UnixfsException("unixfs: below " + node.cid() + ": more than " + MAX_PIECES
                            + " pieces of a file at once, want fewer");
                }
                Piece child = new Piece(node.links().get(i).cid(), start, size, parent.depth + 1);
                link(last, child);
                last = child;
                if (unasked == null || start < unasked.start) {
                    unasked = child;
                }
            }
            start += size;
        }
        link(last, next);
    }

    private CompletableFuture<UnixfsNode> ask(Piece piece) {
        CompletableFuture<UnixfsNode> node = piece.node;
        if (node == null) {
            UnixfsNode cached = cache.find(piece.cid);
            node = cached != null ? CompletableFuture.completedFuture(cached.retain()) : Fetch.node(source, piece.cid);
            piece.node = node;
            askedBytes += piece.countedBytes();
            asked++;
            node.whenComplete((come, failure) -> {
                if (failure == null && come.contentBytes() == 0) {
                    inner.add(piece);
                }
            });
        }
        return node;
    }

    private Optional<UnixfsException> fault(Piece piece, UnixfsNode node) {
        if (!node.type().isFile()) {
            return Optional.of(
                    UnixfsNode.fault(node.cid(), "a " + node.type() + " node in a file", "a file or raw node"));
        }
        if (node.fileBytes() != piece.size) {
            return Optional.of(UnixfsNode.fault(
                    node.cid(), node.fileBytes() + " bytes of a file", "the " + piece.size + " that its parent tells"));
        }
        if (piece.depth >= MAX_DEPTH) {
            return Optional.of(UnixfsNode.fault(node.cid(), "a file deeper than " + MAX_DEPTH + " levels", "less"));
        }
        cache.offer(node);
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
        for (Piece piece = first; piece != null; piece = piece.next) {
            if (piece.node != null) {
                Fetch.discard(piece.node);
            }
        }
        first = null;
        unasked = null;
        inner.clear();
    }

    /** A subtree: its bytes are those of the file from {@code start}. */
    private static final class Piece {
        final Cid cid;
        final long start;
        final long size;
        final int depth;
        boolean removed;

        @Nullable
        CompletableFuture<UnixfsNode> node;

        @Nullable
        Piece previous;

        @Nullable
        Piece next;

        Piece(Cid cid, long start, long size, int depth) {
            this.cid = cid;
            this.start = start;
            this.size = size;
            this.depth = depth;
        }

        long countedBytes() {
            return Math.min(size, MAX_COUNTED_BYTES);
        }
    }
}

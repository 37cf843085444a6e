package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

    /** What an inner node counts for in the budget, in bytes. */
    private static final int INNER_NODE_BYTES = 64 * 1024;

    private final BlockSource source;
    private final NodeCache cache;
    private final long from;
    private final long to;
    private final long maxAheadBytes;
    private long aheadBytes;

    private @Nullable Piece first;
    private int pieces;
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
            Piece piece = new Piece(root.cid(), 0, root.fileBytes(), 0, null);
            piece.node = CompletableFuture.completedFuture(root.retain());
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
                askAhead();
                CompletableFuture<UnixfsNode> asked = ask(piece);
                if (!asked.isDone()) {
                    if (found.isEmpty()) {
                        asked.whenComplete((node, failure) -> advance(result, found, limit));
                        return;
                    }
                    break;
                }
                consume(piece, asked.join(), found);
            }
            result.complete(List.copyOf(found));
        } catch (RuntimeException e) {
            found.forEach(Payload::close);
            close();
            result.completeExceptionally(Fetch.cause(e));
        }
    }

    private void consume(Piece piece, UnixfsNode node, List<Payload> found) {
        try (node) {
            fault(piece, node).ifPresent(fault -> {
                throw fault;
            });
            first = piece.next;
            pieces--;
            insertChildren(node, piece, null);
            int contentFrom = (int) Math.max(0, Math.min(node.contentBytes(), from - piece.start));
            int contentTo = (int) Math.max(0, Math.min(node.contentBytes(), to - piece.start));
            if (contentFrom < contentTo) {
                found.add(node.content(contentFrom, contentTo - contentFrom));
                aheadBytes = Math.min(maxAheadBytes, aheadBytes * 2);
            }
        }
    }

    /** Puts the children of {@code node} that have bytes of the range in place of {@code parent}, after {@code before}. */
    private void insertChildren(UnixfsNode node, Piece parent, @Nullable Piece before) {
        Piece last = before;
        long start = parent.start + node.contentBytes();
        for (int i = 0; i < node.links().size(); i++) {
            long size = node.blocksize(i);
            if (size > 0 && start < to && start + size > from) {
                if (++pieces > MAX_PIECES) {
                    throw new UnixfsException("unixfs: below " + node.cid() + ": more than " + MAX_PIECES
                            + " pieces of a file at once, want fewer");
                }
                Piece child = new Piece(node.links().get(i).cid(), start, size, parent.depth + 1, parent.next);
                if (last == null) {
                    first = child;
                } else {
                    last.next = child;
                }
                last = child;
            }
            start += size;
        }
        if (last != null) {
            last.next = parent.next;
        }
    }

    private void askAhead() {
        long budget = aheadBytes;
        Piece before = null;
        Piece piece = first;
        while (piece != null && (budget > 0 || before == null)) {
            CompletableFuture<UnixfsNode> asked = ask(piece);
            UnixfsNode node =
                    before == null || !asked.isDone() || asked.isCompletedExceptionally() ? null : asked.join();
            if (before != null
                    && node != null
                    && node.contentBytes() == 0
                    && fault(piece, node).isEmpty()) {
                // An inner node further on: its children can be asked for already. A fault waits for its turn.
                pieces--;
                before.next = piece.next;
                insertChildren(node, piece, before);
                node.close();
                piece = before.next;
                continue;
            }
            budget -= piece.size <= Block.MAX_SIZE_BYTES ? piece.size : INNER_NODE_BYTES;
            before = piece;
            piece = piece.next;
        }
    }

    private CompletableFuture<UnixfsNode> ask(Piece piece) {
        CompletableFuture<UnixfsNode> asked = piece.node;
        if (asked == null) {
            UnixfsNode cached = cache.find(piece.cid);
            asked = cached != null ? CompletableFuture.completedFuture(cached.retain()) : Fetch.node(source, piece.cid);
            piece.node = asked;
        }
        return asked;
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
    }

    /** A subtree: its bytes are those of the file from {@code start}. */
    private static final class Piece {
        final Cid cid;
        final long start;
        final long size;
        final int depth;

        @Nullable
        CompletableFuture<UnixfsNode> node;

        @Nullable
        Piece next;

        Piece(Cid cid, long start, long size, int depth, @Nullable Piece next) {
            this.cid = cid;
            this.start = start;
            this.size = size;
            this.depth = depth;
            this.next = next;
        }
    }
}

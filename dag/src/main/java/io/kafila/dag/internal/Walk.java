package io.kafila.dag.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.Codecs;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.PbLink;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.WalkStep;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Ties a {@link WalkFrontier} to a source of blocks. Guarded by a lock; links are extracted and futures completed outside
 * of it, in the thread that brought the block.
 *
 * <p>Whoever changes something calls {@link #pump}, of which one at a time runs; the others leave it a note to look again.
 * So blocks that come at once, as from memory, do not nest.
 */
public final class Walk implements Cursor<WalkStep> {
    private final BlockSource source;
    private final Codecs codecs;
    private final WalkOptions options;
    private final Object lock = new Object();
    private final WalkFrontier frontier;
    private final Map<WalkFrontier.Entry, CompletableFuture<Block>> fetches = new HashMap<>();

    private @Nullable CompletableFuture<List<WalkStep>> consumer;
    private int limit;
    private @Nullable Throwable failure;
    private boolean closed;
    private boolean pumping;
    private boolean again;

    private Walk(BlockSource source, Codecs codecs, List<Cid> roots, WalkOptions options) {
        this.source = source;
        this.codecs = codecs;
        this.options = options;
        this.frontier = new WalkFrontier(roots, options);
    }

    public static Walk start(BlockSource source, Codecs codecs, List<Cid> roots, WalkOptions options) {
        Walk walk = new Walk(source, codecs, roots, options);
        walk.pump();
        return walk;
    }

    @Override
    public CompletableFuture<List<WalkStep>> next(int limit) {
        if (limit < 1) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("walk: " + limit + " steps asked for, want at least 1"));
        }
        CompletableFuture<List<WalkStep>> answer = new CompletableFuture<>();
        synchronized (lock) {
            if (consumer != null) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("walk: asked for steps before the last ones came"));
            }
            if (closed) {
                return CompletableFuture.failedFuture(
                        failure != null ? failure : new CancellationException("the walk was closed"));
            }
            consumer = answer;
            this.limit = limit;
        }
        pump();
        return answer;
    }

    @Override
    public void close() {
        CompletableFuture<List<WalkStep>> waiting;
        List<CompletableFuture<Block>> abandoned;
        synchronized (lock) {
            waiting = consumer;
            consumer = null;
            abandoned = shut();
        }
        abandoned.forEach(fetch -> fetch.cancel(false));
        if (waiting != null) {
            waiting.completeExceptionally(new CancellationException("the walk was closed"));
        }
    }

    private List<CompletableFuture<Block>> shut() {
        closed = true;
        frontier.clear();
        List<CompletableFuture<Block>> abandoned = new ArrayList<>(fetches.values());
        fetches.clear();
        return abandoned;
    }

    private void pump() {
        synchronized (lock) {
            if (pumping) {
                again = true;
                return;
            }
            pumping = true;
        }
        while (true) {
            WalkFrontier.Entry fetch = null;
            CompletableFuture<List<WalkStep>> served = null;
            List<WalkStep> steps = new ArrayList<>();
            List<CompletableFuture<Block>> abandoned = List.of();
            Throwable ended = null;
            synchronized (lock) {
                if (!closed && consumer != null) {
                    ended = frontier.takeReady(steps, limit);
                    if (ended != null && steps.isEmpty()) {
                        failure = ended;
                        served = consumer;
                        abandoned = shut();
                    } else if (!steps.isEmpty() || frontier.isEmpty()) {
                        ended = null;
                        served = consumer;
                    }
                    consumer = served == null ? consumer : null;
                }
                if (!closed) {
                    fetch = frontier.fetchNext();
                }
                if (served == null && fetch == null && !again) {
                    pumping = false;
                    return;
                }
                again = false;
            }
            if (fetch != null) {
                fetch(fetch);
            }
            abandoned.forEach(future -> future.cancel(false));
            if (served != null && ended != null) {
                served.completeExceptionally(ended);
            } else if (served != null && !served.complete(steps)) {
                steps.forEach(WalkStep::close);
            }
        }
    }

    private void fetch(WalkFrontier.Entry entry) {
        CompletableFuture<Block> fetch;
        try {
            fetch = source.get(entry.cid());
        } catch (RuntimeException e) {
            fetch = CompletableFuture.failedFuture(e);
        }
        boolean late;
        synchronized (lock) {
            late = closed;
            if (!late) {
                fetches.put(entry, fetch);
            }
        }
        fetch.whenComplete((block, error) -> arrived(entry, block, error));
        if (late) {
            fetch.cancel(false);
        }
    }

    private void arrived(WalkFrontier.Entry entry, @Nullable Block block, @Nullable Throwable error) {
        Throwable cause = error == null ? null : Chain.cause(error);
        List<PbLink> links = List.of();
        if (block != null) {
            try {
                links = links(block);
            } catch (RuntimeException e) {
                block.close();
                cause = e;
            }
        }
        boolean kept = true;
        synchronized (lock) {
            fetches.remove(entry);
            if (cause != null || block == null) {
                frontier.failed(
                        entry, cause != null ? cause : new IllegalStateException("no block for " + entry.cid()));
            } else {
                kept = frontier.ready(entry, block, links);
            }
        }
        if (!kept && block != null) {
            block.close();
        }
        pump();
    }

    private List<PbLink> links(Block block) {
        if (options.names() && block.cid().codec() == Multicodec.DAG_PB.code()) {
            return DagPbNode.decode(block.payload().buffer()).links();
        }
        List<Cid> cids = codecs.links(block);
        List<PbLink> links = new ArrayList<>(cids.size());
        for (Cid cid : cids) {
            links.add(new PbLink(cid, "", 0));
        }
        return links;
    }
}

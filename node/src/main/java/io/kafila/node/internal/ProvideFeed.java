package io.kafila.node.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.dag.CodecException;
import io.kafila.dag.Codecs;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.dht.Providing;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import io.kafila.node.ProvideStrategy;
import io.kafila.node.ProvideStrategy.Source;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what a strategy names to {@link Providing}: what is added and pinned at once, and all of it once per interval. Thread-safe.
 *
 * <p>Graphs are walked in a thread of its own. What waits there is bounded; a root that finds no place comes with the next
 * round.
 */
public final class ProvideFeed implements AutoCloseable {
    /** Roots that wait to be walked. */
    static final int MAX_ROOTS = 1024;

    /** Links that are known and not yet visited; a graph with more is given up until the next round. */
    static final int MAX_OPEN = 512 * 1024;

    /** A node that has just started has better things to do than to read all its pins. */
    private static final Duration FIRST_ROUND = Duration.ofSeconds(10);

    private static final int BATCH = 256;
    private static final Logger LOG = LoggerFactory.getLogger(ProvideFeed.class);

    private final Providing providing;
    private final ProvideStrategy strategy;
    private final BlockRepository repository;
    private final Codecs codecs;
    private final ThreadPoolExecutor walker;
    private final @Nullable ScheduledFuture<?> rounds;
    private volatile boolean closed;

    /** @param interval between rounds; zero for the one at the start alone */
    public ProvideFeed(
            Providing providing,
            ProvideStrategy strategy,
            BlockRepository repository,
            Codecs codecs,
            ScheduledExecutorService timer,
            Duration interval) {
        this.providing = providing;
        this.strategy = strategy;
        this.repository = repository;
        this.codecs = codecs;
        this.walker = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_ROOTS), task -> {
            Thread thread = new Thread(task, "kafila-provide-walk");
            thread.setDaemon(true);
            return thread;
        });
        walker.allowCoreThreadTimeOut(true);
        this.rounds = interval.isZero()
                ? timer.schedule(this::round, FIRST_ROUND.toMillis(), TimeUnit.MILLISECONDS)
                : timer.scheduleAtFixedRate(
                        this::round, FIRST_ROUND.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    public Providing providing() {
        return providing;
    }

    /** Blocks are here that were not. */
    public void onBlocks(Collection<Cid> cids) {
        if (strategy.has(Source.ALL)) {
            providing.provide(cids.stream().map(Cid::multihash).toList());
        }
    }

    /** A root is pinned: it is provided at once, what lies below it after a walk. */
    public void onPinned(Cid root, boolean recursive) {
        if (strategy.has(Source.MFS) && strategy.sources().size() == 1) {
            return;
        }
        providing.provide(List.of(root.multihash()));
        if (recursive && (strategy.has(Source.PINNED) || strategy.has(Source.ALL))) {
            try {
                walker.execute(() -> walkOne(root));
            } catch (RejectedExecutionException e) {
                LOG.debug("providing: {} waits for the next round", root);
            }
        }
    }

    private void walkOne(Cid root) {
        try {
            walk(root, new HashSet<>(), keys -> providing.provide(keys));
        } catch (RuntimeException e) {
            LOG.debug("providing: {} waits for the next round", root, e);
        }
    }

    /** All keys anew. @return a future of how many were given up */
    public CompletableFuture<Integer> round() {
        return providing
                .keepOnly(sink -> {
                    if (strategy.has(Source.ALL)) {
                        Batch batch = new Batch(sink);
                        Pull.forEachBlocking(repository.keys(), cid -> batch.add(cid.multihash()));
                        batch.flush();
                    } else {
                        pins(sink);
                    }
                })
                .whenComplete((gone, failure) -> {
                    if (failure != null && !closed) {
                        LOG.warn("providing: the keys could not be read; all are kept: {}", failure.toString());
                    }
                });
    }

    /** Roots first, since they are what others ask for. */
    private void pins(Providing.Sink sink) {
        List<Pin> pins = repository.pins().all().join();
        if (!strategy.has(Source.PINNED) && !strategy.has(Source.ROOTS)) {
            return;
        }
        Batch roots = new Batch(sink);
        pins.forEach(pin -> roots.add(pin.cid().multihash()));
        roots.flush();
        if (strategy.has(Source.PINNED)) {
            Set<Multihash> seen = new HashSet<>();
            for (Pin pin : pins) {
                if (pin.mode() == PinMode.RECURSIVE) {
                    walk(pin.cid(), seen, sink);
                }
            }
        }
    }

    /** Every block below a root that is here and that the strategy names, each once. */
    private void walk(Cid root, Set<Multihash> seen, Providing.Sink sink) {
        Batch batch = new Batch(sink);
        Deque<Cid> open = new ArrayDeque<>();
        open.push(root);
        for (Cid cid = open.poll(); cid != null; cid = open.poll()) {
            if (closed) {
                throw new RejectedExecutionException("providing has ended");
            }
            if (!seen.add(cid.multihash())) {
                continue;
            }
            if (cid.codec() == Multicodec.RAW.code()) {
                batch.add(cid.multihash()); // it links to nothing, and need not be read
                continue;
            }
            Optional<Block> found = repository.get(cid).join();
            if (found.isEmpty()) {
                continue;
            }
            try (Block block = found.get()) {
                batch.add(cid.multihash());
                links(block).forEach(open::push);
            } catch (CodecException e) {
                LOG.debug("providing: {} cannot be read", cid, e);
            }
            if (open.size() > MAX_OPEN) {
                throw new IllegalStateException(
                        "providing: more than " + MAX_OPEN + " links wait below " + root + ", want fewer");
            }
        }
        batch.flush();
    }

    /** Where the walk goes on: not into the chunks of a file if its root stands for them. */
    private List<Cid> links(Block block) {
        if (strategy.entities() && block.cid().codec() == Multicodec.DAG_PB.code()) {
            DagPbNode node = DagPbNode.decode(ByteBuffer.wrap(block.payload().toByteArray()));
            try {
                UnixfsType type =
                        node.data().map(data -> UnixfsData.decode(data).type()).orElse(UnixfsType.DIRECTORY);
                if (!type.isDirectory()) {
                    return List.of();
                }
            } catch (UnixfsException e) {
                LOG.debug("providing: {} is no UnixFS", block.cid());
            }
            return node.links().stream().map(PbLink::cid).toList();
        }
        return codecs.links(block);
    }

    /** Keys on their way, a few hundred at once. */
    private static final class Batch {
        private final Providing.Sink sink;
        private final List<Multihash> keys = new ArrayList<>(BATCH);

        Batch(Providing.Sink sink) {
            this.sink = sink;
        }

        void add(Multihash key) {
            keys.add(key);
            if (keys.size() == BATCH) {
                flush();
            }
        }

        void flush() {
            if (!keys.isEmpty()) {
                sink.accept(keys);
                keys.clear();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        if (rounds != null) {
            rounds.cancel(false);
        }
        walker.shutdownNow();
    }
}

package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.dag.DagPbNode;
import io.kafila.dag.PbLink;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stores the blocks of one import in batches, a few of them under way at a time. Confined to the import's thread but for
 * the ends of batches, which are told under the pool's lock.
 */
final class BlockWriter implements NodeSink {
    /** How many blocks or references a batch has at most: small ones must not make it huge. */
    private static final int BATCH_BLOCKS = 4096;

    private static final int BATCHES_UNDER_WAY = 4;

    private final BlockRepository store;
    private final BufferPool pool;
    private final ImportPlan plan;
    private final int batchBytes;

    private List<Block> blocks = new ArrayList<>();
    private List<FileReference> references = new ArrayList<>();
    private long bytes;

    /** Guarded by the pool. */
    private int underWay;
    /** Guarded by the pool. */
    private @Nullable Throwable failure;

    BlockWriter(BlockRepository store, BufferPool pool, ImportPlan plan, int batchBytes) {
        this.store = store;
        this.pool = pool;
        this.plan = plan;
        this.batchBytes = batchBytes;
    }

    @Override
    public Child node(List<PbLink> links, UnixfsData data) {
        byte[] block = new DagPbNode(links, Optional.of(ByteBuffer.wrap(data.encode()))).encode();
        DirectoryNodes.checkBlock(block.length, data.type(), links.size());
        Cid cid = plan.cidOf(Multicodec.DAG_PB, List.of(ByteBuffer.wrap(block)), block.length);
        long tsize = block.length;
        for (PbLink link : links) {
            tsize += link.tsize();
        }
        put(cid, Payload.of(block));
        return new Child(cid, tsize, 0);
    }

    /** Takes ownership of the payload. */
    void put(Cid cid, Payload payload) {
        if (plan.onlyHash() || cid.multihash().code() == HashFunction.IDENTITY.code()) {
            payload.close();
            return;
        }
        blocks.add(new Block(cid, payload));
        bytes += payload.size();
        if (bytes >= batchBytes || blocks.size() >= BATCH_BLOCKS) {
            flush();
        }
    }

    void refer(FileReference reference) {
        if (plan.onlyHash() || reference.cid().multihash().code() == HashFunction.IDENTITY.code()) {
            return;
        }
        references.add(reference);
        if (references.size() >= BATCH_BLOCKS) {
            flush();
        }
    }

    boolean hasUnsent() {
        return !blocks.isEmpty() || !references.isEmpty();
    }

    /** Sends what is collected, as soon as few enough batches are under way. */
    void flush() {
        if (!blocks.isEmpty()) {
            List<Block> batch = blocks;
            blocks = new ArrayList<>();
            bytes = 0;
            begin(batch);
            watch(store.putAll(batch), batch);
        }
        if (!references.isEmpty()) {
            List<FileReference> batch = references;
            references = new ArrayList<>();
            begin(List.of());
            watch(store.putReferences(batch), List.of());
        }
    }

    private void begin(List<Block> batch) {
        try {
            pool.await(() -> underWay < BATCHES_UNDER_WAY || failure != null, "the store");
            check();
        } catch (RuntimeException e) {
            batch.forEach(Block::close);
            throw e;
        }
        synchronized (pool) {
            underWay++;
        }
    }

    private void watch(CompletableFuture<Void> stored, List<Block> batch) {
        stored.whenComplete((ignored, problem) -> {
            batch.forEach(Block::close);
            synchronized (pool) {
                underWay--;
                if (problem != null && failure == null) {
                    failure = Fetch.cause(problem);
                }
            }
            pool.signal();
        });
    }

    /** @throws BlockstoreException if a batch failed */
    void check() {
        Throwable seen;
        synchronized (pool) {
            seen = failure;
        }
        if (seen instanceof BlockstoreException fault) {
            throw fault;
        }
        if (seen != null) {
            throw new BlockstoreException("import: the store failed: " + seen.getMessage(), seen);
        }
    }

    /** Waits until everything that was put is durable. */
    void finish() {
        flush();
        pool.await(() -> underWay == 0 || failure != null, "the store");
        check();
    }

    /** Whether a batch is under way or has failed; to be asked under the pool's lock. */
    boolean isFailed() {
        return failure != null;
    }

    /** Lets go of what was not sent. */
    void abandon() {
        blocks.forEach(Block::close);
        blocks = new ArrayList<>();
        references = new ArrayList<>();
    }
}

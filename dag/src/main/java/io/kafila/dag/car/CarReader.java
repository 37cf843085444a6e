package io.kafila.dag.car;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.Cursor;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Pulls the blocks out of a CARv1 or a CARv2 that comes through a channel, in order.
 *
 * <p>A call reads one batch and hashes its blocks on the workers at the same time; nothing is read ahead of what is asked
 * for. What was sound before a fault is delivered, the fault with the next call, and again with every one after it. The
 * index of a CARv2 is not looked at.
 *
 * <p>Blocks are slices of buffers of {@link CarReadOptions#batchBytes}: whoever keeps a small one for long keeps its buffer,
 * and copies it instead. Confined to one consumer at a time, as every {@link Cursor} is.
 */
public final class CarReader implements Cursor<Block> {
    /** The least that is hashed in one go, so that small blocks do not cost a task each. */
    private static final int TASK_BYTES = 256 * 1024;

    /** The least that is asked of the channel, however small the batches are. */
    private static final int MIN_BUFFER_BYTES = 64 * 1024;

    private final SectionInput input;
    private final CarReadOptions options;
    private final Executor io;
    private final Executor workers;
    private final int version;
    private final Optional<CarV2Header> v2Header;
    private final List<Cid> roots;

    private boolean ended;
    private @Nullable RuntimeException failure;
    private boolean closed;

    private CarReader(
            SectionInput input,
            CarReadOptions options,
            Executor io,
            Executor workers,
            Optional<CarV2Header> v2Header,
            List<Cid> roots) {
        this.input = input;
        this.options = options;
        this.io = io;
        this.workers = workers;
        this.version = v2Header.isPresent() ? 2 : 1;
        this.v2Header = v2Header;
        this.roots = roots;
    }

    /**
     * Reads the header; blocks meanwhile. The reader does not close the channel.
     *
     * @param channel a blocking one, at the start of the archive
     * @param io where {@link #next} reads, which may block there
     * @param workers where blocks are hashed
     * @throws CarException if there is no archive of version 1 or 2
     */
    public static CarReader open(ReadableByteChannel channel, CarReadOptions options, Executor io, Executor workers) {
        SectionInput input =
                new SectionInput(channel, new BufferPool(Math.max(options.batchBytes(), MIN_BUFFER_BYTES)));
        try {
            CarV1Header first = CarV1Header.decode(input.header(options.maxHeaderBytes()), 0);
            if (first.isVersion(1)) {
                return new CarReader(input, options, io, workers, Optional.empty(), first.roots());
            }
            if (!first.isVersion(2)) {
                throw CarException.at(0, "version " + first.version(), "1 or 2");
            }
            CarV2Header header = CarV2Header.read(input.fixed(CarV2Header.SIZE_BYTES, "header of version 2"));
            input.skipTo(header.dataOffset());
            input.endAt(header.dataOffset() + header.dataSizeBytes());
            CarV1Header inner = CarV1Header.decode(input.header(options.maxHeaderBytes()), header.dataOffset());
            if (!inner.isVersion(1)) {
                throw CarException.at(header.dataOffset(), "version " + inner.version() + " inside of version 2", "1");
            }
            return new CarReader(input, options, io, workers, Optional.of(header), inner.roots());
        } catch (RuntimeException e) {
            input.close();
            throw e;
        }
    }

    /** 1 or 2. */
    public int version() {
        return version;
    }

    /** What the archive says its graphs begin with; may be empty, and the blocks may be absent. */
    public List<Cid> roots() {
        return roots;
    }

    /** Present in a CARv2. */
    public Optional<CarV2Header> v2Header() {
        return v2Header;
    }

    /** How many bytes of the archive were read so far. */
    public synchronized long offset() {
        return input.offset();
    }

    /** The next blocks; the caller owns and closes them. */
    @Override
    public CompletableFuture<List<Block>> next(int limit) {
        return CompletableFuture.supplyAsync(() -> parse(limit), io).thenCompose(this::verify);
    }

    /** {@link #next} for a thread that may block; the reading is done in it. */
    public List<Block> read(int limit) {
        try {
            return verify(parse(limit)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private synchronized List<Block> parse(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("car: " + limit + " blocks asked for, want at least 1");
        }
        if (closed) {
            throw new IllegalStateException("car: the reader is closed");
        }
        if (failure != null) {
            throw failure;
        }
        List<Block> blocks = new ArrayList<>();
        long bytes = 0;
        try {
            while (!ended && blocks.size() < limit && bytes < options.batchBytes()) {
                Block block = input.section(options.maxSectionBytes(), options.zeroLengthSectionAsEnd());
                if (block == null) {
                    ended = true;
                } else {
                    blocks.add(block);
                    bytes += block.sizeBytes();
                }
            }
        } catch (RuntimeException e) {
            failure = e;
            if (blocks.isEmpty()) {
                throw e;
            }
        }
        return blocks;
    }

    /** Hashes the blocks on the workers, neighbours together. */
    private CompletableFuture<List<Block>> verify(List<Block> blocks) {
        if (!options.verify() || blocks.isEmpty()) {
            return CompletableFuture.completedFuture(blocks);
        }
        @Nullable RuntimeException[] faults = new RuntimeException[blocks.size()];
        CompletableFuture<Void> hashed;
        try {
            hashed = CompletableFuture.allOf(tasks(blocks, faults));
        } catch (RuntimeException e) {
            hashed = CompletableFuture.failedFuture(e);
        }
        return hashed.handle((nothing, error) -> {
            if (error != null) {
                blocks.forEach(Block::close);
                throw new CompletionException(error);
            }
            return sound(blocks, faults);
        });
    }

    private CompletableFuture<?>[] tasks(List<Block> blocks, @Nullable RuntimeException[] faults) {
        List<CompletableFuture<Void>> tasks = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < blocks.size(); i++) {
            bytes += blocks.get(i).sizeBytes();
            if (bytes >= TASK_BYTES || i == blocks.size() - 1) {
                int first = from;
                int last = i;
                tasks.add(CompletableFuture.runAsync(() -> check(blocks, first, last, faults), workers));
                from = i + 1;
                bytes = 0;
            }
        }
        return tasks.toArray(CompletableFuture[]::new);
    }

    private static void check(List<Block> blocks, int first, int last, @Nullable RuntimeException[] faults) {
        for (int i = first; i <= last; i++) {
            Block block = blocks.get(i);
            try {
                if (!block.verified()) {
                    faults[i] = CarException.block(block.cid(), "bytes that do not match the hash", null);
                }
            } catch (MultiformatException e) {
                faults[i] =
                        CarException.block(block.cid(), "a hash that cannot be checked (" + e.getMessage() + ")", e);
            }
        }
    }

    /** The blocks before the first fault, which from now on is the reader's. */
    private synchronized List<Block> sound(List<Block> blocks, @Nullable RuntimeException[] faults) {
        for (int i = 0; i < faults.length; i++) {
            RuntimeException fault = faults[i];
            if (fault == null) {
                continue;
            }
            failure = fault;
            blocks.subList(i, blocks.size()).forEach(Block::close);
            if (i == 0) {
                throw fault;
            }
            return new ArrayList<>(blocks.subList(0, i));
        }
        return blocks;
    }

    /** Blocks that were delivered stay good. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            input.close();
        }
    }
}

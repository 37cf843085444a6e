package io.kafila.dag.unixfs.internal;

import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.dag.unixfs.Chunker;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportEntry.DiskLocation;
import io.kafila.dag.unixfs.ImportException;
import io.kafila.dag.unixfs.ImportListener;
import io.kafila.dag.unixfs.UnixfsType;
import io.kafila.multiformats.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads files into the pipeline: bytes to chunks, chunks to leaves, leaves to the file's layout. Confined to one thread. */
final class FileReader {
    /** How often the listener is told of what was read. */
    private static final long PROGRESS_BYTES = 256 * 1024;

    /** How much is read at once: the workers hash what was read while the next part is. */
    private static final int READ_BYTES = 1024 * 1024;

    /**
     * From which size on the whole chunks of a file are read by whoever hashes them. Such a file stays open until its last
     * chunk is hashed, so the buffers bound how many are open.
     */
    private static final long LEAST_PARALLEL_BYTES = 8L * 1024 * 1024;

    /** From which size on a file begins at a page boundary of its buffer: what that wastes must be little. */
    private static final long LEAST_ALIGNED_BYTES = 256L * 1024;

    private final ImportPlan plan;
    private final LeafPipeline leaves;
    private final BlockWriter writer;
    private final TreeBuilder tree;
    private final ImportListener listener;
    private final BooleanSupplier cancelled;

    FileReader(
            ImportPlan plan,
            LeafPipeline leaves,
            BlockWriter writer,
            TreeBuilder tree,
            ImportListener listener,
            BooleanSupplier cancelled) {
        this.plan = plan;
        this.leaves = leaves;
        this.writer = writer;
        this.tree = tree;
        this.listener = listener;
        this.cancelled = cancelled;
    }

    void read(ImportEntry.File entry) throws IOException {
        if (plan.noCopy() && entry.location().isEmpty()) {
            throw new ImportException(
                    "import: \"" + entry.path() + "\": missing file path or URL, can't create filestore reference");
        }
        ReadableByteChannel channel = open(entry);
        boolean later = false;
        try (Reading reading = new Reading(entry)) {
            if (entry.sizeHint().orElse(0) >= LEAST_ALIGNED_BYTES) {
                leaves.slab().align();
            }
            int chunkBytes = plan.chunker().chunkBytes().orElse(0);
            if (chunkBytes > 0 && channel instanceof FileChannel file && file.size() >= LEAST_PARALLEL_BYTES) {
                later = true;
                reading.leaveChunks(file, chunkBytes);
            }
            reading.readAll(channel);
        } finally {
            if (later) {
                leaves.close(channel);
            } else {
                channel.close();
            }
        }
    }

    private static ReadableByteChannel open(ImportEntry.File entry) throws IOException {
        try {
            return entry.content().open();
        } catch (IOException e) {
            throw new ImportException("import: cannot open \"" + entry.path() + "\": " + e, e);
        }
    }

    /** One file on its way. */
    private final class Reading implements AutoCloseable {
        private final ImportEntry.File entry;
        private final FileLayout layout;
        private final OptionalInt mode;
        private final Optional<Instant> mtime;
        private final Chunker chunker = plan.chunker().newChunker();
        private @Nullable ChunkParts chunk;
        /** The first chunk, while it is not known whether it is the whole file, whose leaf has the file's metadata. */
        private @Nullable ChunkParts firstChunk;

        private boolean hasLeaves;
        private long readBytes;
        private long toldBytes;
        private long leafOffset;

        Reading(ImportEntry.File entry) {
            this.entry = entry;
            this.layout = plan.trickle()
                    ? new TrickleLayout(plan.maxFileLinks(), writer)
                    : new BalancedLayout(plan.maxFileLinks(), writer);
            this.mode = plan.modeOf(entry);
            this.mtime = plan.mtimeOf(entry);
        }

        /** Puts the whole chunks that the file has now into the pipeline unread, and goes behind them. */
        void leaveChunks(FileChannel file, int chunkBytes) throws IOException {
            long size = file.size();
            boolean keep = !plan.onlyHashes(chunkBytes);
            if (keep) {
                leaves.slab().align();
            }
            while (size - readBytes >= chunkBytes) {
                check();
                if (!keep) {
                    hasLeaves = true;
                    leaves.leaf(new FileRange(file, readBytes, chunkBytes), this::done);
                    readBytes += chunkBytes;
                    tell();
                    continue;
                }
                ChunkParts parts = new ChunkParts();
                chunk = parts;
                while (parts.sizeBytes() < chunkBytes) {
                    Slab slab = leaves.slab();
                    int from = slab.filled();
                    int length = slab.rest(chunkBytes - parts.sizeBytes()).remaining();
                    slab.fill(length);
                    parts.add(slab, from, from + length);
                }
                parts.lieIn(file, readBytes);
                endChunk(parts);
                readBytes += chunkBytes;
                tell();
            }
            file.position(readBytes);
        }

        private void check() {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("import: cancelled");
            }
            writer.check();
        }

        void readAll(ReadableByteChannel channel) throws IOException {
            while (true) {
                check();
                Slab slab = leaves.slab();
                int from = slab.filled();
                int length = channel.read(slab.rest(READ_BYTES));
                if (length < 0) {
                    break;
                }
                if (length == 0) {
                    throw new ImportException(
                            "import: \"" + entry.path() + "\": a read gave no bytes, want a blocking channel");
                }
                cut(slab, from, slab.fill(length));
                readBytes += length;
                if (readBytes - toldBytes >= PROGRESS_BYTES) {
                    tell();
                }
            }
            tell();
            end();
        }

        private void tell() {
            toldBytes = readBytes;
            listener.progress(entry.path(), readBytes);
        }

        private void cut(Slab slab, int offset, ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                int from = offset + bytes.position();
                boolean ends = chunker.cut(bytes) >= 0;
                ChunkParts parts = chunk;
                if (parts == null) {
                    parts = new ChunkParts();
                    chunk = parts;
                }
                parts.add(slab, from, offset + bytes.position());
                if (parts.sizeBytes() > Chunker.MAX_CHUNK_BYTES) {
                    throw new ImportException("import: \"" + entry.path() + "\": chunker "
                            + plan.chunker().spec() + " made a chunk of more than " + Chunker.MAX_CHUNK_BYTES
                            + " bytes");
                }
                if (ends && parts.sizeBytes() > 0) {
                    endChunk(parts);
                }
            }
        }

        private void endChunk(ChunkParts parts) {
            ChunkParts first = firstChunk;
            if (first != null) {
                firstChunk = null;
                leaf(first, OptionalInt.empty(), Optional.empty());
            } else if (!hasLeaves && layout.loneLeafIsRoot() && (mode.isPresent() || mtime.isPresent())) {
                firstChunk = parts;
                chunk = null;
                return;
            }
            chunk = null;
            leaf(parts, OptionalInt.empty(), Optional.empty());
        }

        private void end() {
            ChunkParts rest = chunk;
            if (rest != null) {
                endChunk(rest);
            }
            ChunkParts lone = firstChunk;
            if (lone != null) {
                firstChunk = null;
                leaf(lone, mode, mtime);
            } else if (!hasLeaves && layout.loneLeafIsRoot()) {
                leaf(new ChunkParts(), mode, mtime);
            }
            leaves.then(() -> tree.file(entry, layout.finish(mode, mtime)));
        }

        private void leaf(ChunkParts parts, OptionalInt leafMode, Optional<Instant> leafMtime) {
            hasLeaves = true;
            UnixfsType type = layout.leafType();
            LeafFrame frame = new LeafFrame(plan.rawLeaves(), type, leafMode, leafMtime);
            leaves.leaf(frame, parts, this::done);
        }

        /** A leaf that has its name, in its turn. */
        private void done(Leaf leaf, Cid cid) {
            long offset = leafOffset;
            leafOffset += leaf.fileBytes();
            Child child = new Child(cid, leaf.blockBytes(), leaf.fileBytes());
            if (plan.onlyHash()) {
                leaf.release();
            } else if (plan.noCopy() && leaf.fileBytes() > 0) {
                DiskLocation location = entry.location().orElseThrow();
                leaf.release();
                writer.refer(new FileReference(cid, location.file(), location.offset() + offset, leaf.fileBytes()));
            } else {
                writer.put(cid, leaf.intoPayload());
            }
            layout.add(child);
        }

        /** Gives back what a failure has left behind. */
        @Override
        public void close() {
            if (chunk != null) {
                chunk.release();
                chunk = null;
            }
            if (firstChunk != null) {
                firstChunk.release();
                firstChunk = null;
            }
        }
    }
}

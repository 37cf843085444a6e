package io.kafila.dag.unixfs;

import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.unixfs.internal.DirectFile;
import io.kafila.dag.unixfs.internal.Fetch;
import io.kafila.dag.unixfs.internal.FileChannelView;
import io.kafila.dag.unixfs.internal.FileCursor;
import io.kafila.dag.unixfs.internal.NodeCache;
import io.kafila.dag.unixfs.internal.UnixfsNode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file that can be read at any offset. It holds its first block, and remembers the inner nodes that were used last.
 * Thread-safe; its cursors and channels belong to one consumer each, and outlive it.
 */
public final class UnixfsFile implements AutoCloseable {
    /** How many bytes a read asks for ahead of its consumer: 32 MiB, as a fetch session has by default. */
    public static final long DEFAULT_AHEAD_BYTES = 32L * 1024 * 1024;

    private final BlockSource source;
    private final UnixfsNode root;
    private final NodeCache cache;
    private final long aheadBytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    private UnixfsFile(BlockSource source, UnixfsNode root, NodeCache cache, long aheadBytes) {
        this.source = source;
        this.root = root;
        this.cache = cache;
        this.aheadBytes = aheadBytes;
    }

    /** The file of a Cid; a {@link UnixfsException} (in the future) where it is none. The source stays the caller's. */
    public static CompletableFuture<UnixfsFile> open(BlockSource source, Cid cid) {
        return open(source, cid, DEFAULT_AHEAD_BYTES);
    }

    /** {@link #open(BlockSource, Cid)} with another budget for what is asked for ahead of a reader. */
    public static CompletableFuture<UnixfsFile> open(BlockSource source, Cid cid, long aheadBytes) {
        if (aheadBytes <= 0) {
            throw new IllegalArgumentException("read-ahead: " + aheadBytes + " bytes, want more than 0");
        }
        return Fetch.node(source, cid).thenApply(node -> take(source, node, aheadBytes));
    }

    /** A file that begins with a node that is at hand; takes ownership of it, also where it is no file. */
    static UnixfsFile take(BlockSource source, UnixfsNode node, long aheadBytes) {
        if (!node.type().isFile()) {
            node.close();
            throw new UnixfsException("unixfs: " + node.cid() + " is a "
                    + (node.type().isDirectory() ? "directory" : "symlink") + ", want a file");
        }
        return new UnixfsFile(source, node, new NodeCache(), aheadBytes);
    }

    public Cid cid() {
        return root.cid();
    }

    /** The length of the file in bytes. */
    public long sizeBytes() {
        return root.fileBytes();
    }

    public OptionalInt mode() {
        return root.mode();
    }

    public Optional<Instant> mtime() {
        return root.mtime();
    }

    /**
     * A range as the payloads of its blocks, not copied, cut where the file ends. The blocks of the range are asked for
     * ahead. The consumer closes each payload and the cursor.
     */
    public Cursor<Payload> read(long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("read of " + length + " bytes at " + offset + ", want neither below 0");
        }
        long from = Math.min(offset, sizeBytes());
        long to = length > sizeBytes() - from ? sizeBytes() : from + length;
        return new FileCursor(source, cache, root, from, to, aheadBytes, aheadBytes);
    }

    /**
     * A channel that reads at any position, blocking; it reads further and further ahead while it is read in order. Large
     * reads of what lies in the system's memory are copied by the caller's thread straight into its buffer. A fault of the
     * file is an {@link java.io.IOException} with the fault as its cause.
     */
    public SeekableByteChannel channel() {
        return new FileChannelView(
                sizeBytes(),
                (from, to, firstAhead) -> new FileCursor(source, cache, root, from, to, firstAhead, aheadBytes),
                new DirectFile(source.directReads(), cache, root));
    }

    /** Lets the first block go; nothing new can be read then. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            root.close();
        }
    }
}

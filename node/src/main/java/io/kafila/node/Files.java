package io.kafila.node;

import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.Cursor;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.dag.ContentPath;
import io.kafila.dag.unixfs.DirectoryEntry;
import io.kafila.dag.unixfs.ImportEntry;
import io.kafila.dag.unixfs.ImportListener;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.dag.unixfs.Imported;
import io.kafila.dag.unixfs.PathSourceOptions;
import io.kafila.dag.unixfs.TreeEntry;
import io.kafila.dag.unixfs.Unixfs;
import io.kafila.dag.unixfs.UnixfsDirectory;
import io.kafila.dag.unixfs.UnixfsFile;
import io.kafila.dag.unixfs.UnixfsStat;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import io.kafila.node.internal.Held;
import io.kafila.node.internal.OwningChannel;
import io.kafila.node.internal.OwningCursor;
import io.kafila.node.internal.Parts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Files and folders (UnixFS): added from disk or from a stream, read by path. Thread-safe. */
public final class Files {
    private final KafilaNode node;
    private final Parts parts;

    Files(KafilaNode node, Parts parts) {
        this.node = node;
        this.parts = parts;
    }

    /** Adds and pins a file, or a folder with everything in it; the root, once all of it is durable. */
    public CompletableFuture<Cid> add(Path path) {
        ImportSource source;
        try {
            source = ImportSource.ofPath(path, PathSourceOptions.DEFAULT);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new NodeException("add " + path + ": " + e.getMessage(), e));
        }
        return addOne(source);
    }

    /** Adds and pins what a stream holds, as one file. Reads and closes the stream in a thread of the node. */
    public CompletableFuture<Cid> add(InputStream content) {
        ImportSource source = ImportSource.of(List.of(ImportEntry.File.of("", () -> Channels.newChannel(content))));
        return addOne(source);
    }

    private CompletableFuture<Cid> addOne(ImportSource source) {
        CompletableFuture<List<Imported>> adding = add(source, AddOptions.DEFAULT, ImportListener.NONE);
        return Held.until(adding.thenApply(Files::root), () -> adding.cancel(false));
    }

    private static Cid root(List<Imported> imported) {
        if (imported.isEmpty()) {
            throw new NodeException("add: nothing to add");
        }
        return imported.get(imported.size() - 1).cid();
    }

    /**
     * Adds what a source holds and closes it.
     *
     * @return the topmost entries, once they are durable and pinned
     */
    public CompletableFuture<List<Imported>> add(ImportSource source, AddOptions options, ImportListener listener) {
        BlockRepository.Lease lease = parts.repository().lease();
        boolean store = !options.imports().onlyHash();
        CompletableFuture<List<Imported>> importing = parts.importer().run(source, options.imports(), listener);
        CompletableFuture<List<Imported>> adding = importing.thenCompose(imported -> {
            if (!store) {
                return CompletableFuture.completedFuture(imported);
            }
            return pin(imported, options)
                    .thenCompose(nothing ->
                            node.announce(imported.stream().map(Imported::cid).toList()))
                    .thenApply(nothing -> imported);
        });
        return Held.until(adding, () -> {
            importing.cancel(false);
            lease.close();
        });
    }

    private CompletableFuture<Void> pin(List<Imported> imported, AddOptions options) {
        CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        if (options.pin()) {
            for (Imported root : imported) {
                done = done.thenCompose(nothing -> parts.repository()
                                .pins()
                                .put(new Pin(root.cid(), PinMode.RECURSIVE, options.pinName())))
                        .thenRun(() -> node.pinned(root.cid(), true));
            }
        }
        return done;
    }

    /** {@link #open(ContentPath)} of a Cid. */
    public CompletableFuture<SeekableByteChannel> open(Cid cid) {
        return open(ContentPath.of(cid));
    }

    /**
     * A file for random access, fetched as it is read. The channel blocks its reader; it reads ahead within the budget of
     * the node. The caller closes it.
     */
    public CompletableFuture<SeekableByteChannel> open(ContentPath path) {
        return keeping(source -> file(source, path)
                .thenApply(file -> new OwningChannel(file.channel(), () -> {
                    file.close();
                    source.close();
                })));
    }

    /**
     * The bytes of a file from {@code offset}, at most {@code length} of them, in pieces that the caller closes, without a
     * copy. The caller closes the cursor.
     */
    public CompletableFuture<Cursor<Payload>> read(ContentPath path, long offset, long length) {
        return keeping(source -> file(source, path)
                .thenApply(file -> new OwningCursor<>(file.read(offset, length), () -> {
                    file.close();
                    source.close();
                })));
    }

    private CompletableFuture<UnixfsFile> file(BlockSource source, ContentPath path) {
        return resolve(source, path).thenCompose(cid -> UnixfsFile.open(source, cid));
    }

    /** What is at a path, without its content. */
    public CompletableFuture<UnixfsStat> stat(ContentPath path) {
        return using(source -> resolve(source, path).thenCompose(cid -> Unixfs.stat(source, cid)));
    }

    /** The entries of a directory. The caller closes the cursor. */
    public CompletableFuture<Cursor<DirectoryEntry>> list(ContentPath path) {
        return keeping(source -> resolve(source, path)
                .thenApply(cid -> new OwningCursor<>(UnixfsDirectory.list(source, cid), source::close)));
    }

    /** A file or a directory with everything in it, parents first. The caller closes the cursor and every entry. */
    public CompletableFuture<Cursor<TreeEntry>> tree(ContentPath path) {
        return keeping(source ->
                resolve(source, path).thenApply(cid -> new OwningCursor<>(Unixfs.tree(source, cid), source::close)));
    }

    /** The Cid of the file or directory at a path. */
    public CompletableFuture<Cid> resolve(ContentPath path) {
        return using(source -> resolve(source, path));
    }

    private CompletableFuture<Cid> resolve(BlockSource source, ContentPath path) {
        return parts.resolver().resolve(source, path).thenApply(resolved -> {
            if (!resolved.remainder().isEmpty()) {
                throw new NodeException(
                        "no link named \"" + resolved.remainder().get(0) + "\" under " + resolved.cid());
            }
            return resolved.cid();
        });
    }

    /** Runs work with a source that is closed when the work is done. */
    private <T> CompletableFuture<T> using(Function<BlockSource, CompletableFuture<T>> work) {
        BlockSource source = node.source();
        return Held.until(work.apply(source), source::close);
    }

    /** Runs work with a source that its result closes; a failure closes it at once. */
    private <T extends AutoCloseable> CompletableFuture<T> keeping(Function<BlockSource, CompletableFuture<T>> work) {
        BlockSource source = node.source();
        return Held.unless(work.apply(source), source::close, Held::close);
    }
}

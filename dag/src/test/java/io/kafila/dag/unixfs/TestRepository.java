package io.kafila.dag.unixfs;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.BlockRepository.FileReference;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.DirectReads;
import io.kafila.blockstore.exchange.BlockNotFoundException;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Blocks and references in maps, with counters and faults for tests. It verifies and copies what it is given. */
final class TestRepository {
    final Map<Multihash, byte[]> blocks = new ConcurrentHashMap<>();
    final Map<Multihash, FileReference> references = new ConcurrentHashMap<>();
    final AtomicInteger batches = new AtomicInteger();
    final AtomicInteger gets = new AtomicInteger();
    final AtomicLong putBytes = new AtomicLong();
    /** The bytes that came in pieces of direct memory at page boundaries, which the real store writes without a copy. */
    final AtomicLong alignedBytes = new AtomicLong();

    volatile @Nullable BlockstoreException fault;

    /** The two methods that an import uses. */
    BlockRepository repository() {
        return (BlockRepository) Proxy.newProxyInstance(
                TestRepository.class.getClassLoader(),
                new Class<?>[] {BlockRepository.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "putAll" -> putAll(cast(args[0]));
                    case "putReferences" -> putReferences(cast(args[0]));
                    default -> throw new IllegalStateException("an import calls " + method);
                });
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> cast(Object list) {
        return (List<T>) list;
    }

    private CompletableFuture<Void> putAll(List<Block> put) {
        batches.incrementAndGet();
        BlockstoreException failure = fault;
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        for (Block block : put) {
            putBytes.addAndGet(block.sizeBytes());
            for (ByteBuffer piece : block.payload().buffers()) {
                if (piece.isDirect() && piece.alignmentOffset(piece.position(), 4096) == 0) {
                    alignedBytes.addAndGet(piece.remaining());
                }
            }
            if (!block.verified()) {
                return CompletableFuture.failedFuture(new BlockstoreException("unverified " + block.cid()));
            }
            blocks.put(block.cid().multihash(), block.payload().toByteArray());
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> putReferences(List<FileReference> put) {
        put.forEach(reference -> references.put(reference.cid().multihash(), reference));
        return CompletableFuture.completedFuture(null);
    }

    /** Stores bytes under a Cid, right or wrong. */
    Cid put(Cid cid, byte[] bytes) {
        blocks.put(cid.multihash(), bytes);
        return cid;
    }

    /** Every block that is there; one that is not is an error. */
    BlockSource source() {
        return source(DirectReads.NONE);
    }

    /** {@link #source()} with another way to what is in memory. */
    BlockSource source(DirectReads directReads) {
        return new BlockSource() {
            @Override
            public DirectReads directReads() {
                return directReads;
            }

            @Override
            public CompletableFuture<Block> get(Cid cid) {
                gets.incrementAndGet();
                return find(cid)
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(new BlockNotFoundException(cid)));
            }

            @Override
            public void close() {}
        };
    }

    Optional<Block> find(Cid cid) {
        byte[] bytes = blocks.get(cid.multihash());
        FileReference reference = references.get(cid.multihash());
        if (bytes == null && reference != null) {
            bytes = read(reference);
        }
        return Optional.ofNullable(bytes).map(found -> new Block(cid, Payload.of(found)));
    }

    private static byte[] read(FileReference reference) {
        ByteBuffer target = ByteBuffer.allocate(reference.sizeBytes());
        try (FileChannel channel = FileChannel.open(reference.file(), StandardOpenOption.READ)) {
            int length = 0;
            while (target.hasRemaining() && length >= 0) {
                length = channel.read(target, reference.offset() + target.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target.array();
    }
}

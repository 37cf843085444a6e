package io.kafila.benchmarks.micro;

import io.kafila.benchmarks.content.Folders;
import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.SegmentRepository;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The store on disk, in the folder for temporary files: 16 MiB of blocks put and durable, one block got. Each iteration
 * has a repository of its own, so that the disk holds what one of them writes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BlockstoreBenchmark {
    private static final int BATCH_BYTES = 16 << 20;
    private static final int DIGEST_BYTES = 32;
    private static final long SHA2_256 = 0x12;

    @Param({"1048576", "10240"})
    public int blockBytes = 10240;

    private final SplittableRandom random = new SplittableRandom(1);
    private ByteBuffer content;
    private Path folder;
    private BlockRepository repository;
    private List<Cid> stored;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        content = ByteBuffer.allocateDirect(blockBytes)
                .put(Contents.random(blockBytes))
                .flip();
        folder = Files.createTempDirectory("kafila-bench");
        repository = SegmentRepository.open(folder, RepositoryOptions.DEFAULT);
        stored = put();
    }

    @TearDown(Level.Iteration)
    public void close() {
        repository.close();
        Folders.delete(folder);
    }

    /** Puts a batch under names of their own and waits until it is durable. The store does not hash; nor does this. */
    @Benchmark
    public List<Cid> put() {
        List<Cid> cids = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < BATCH_BYTES / blockBytes; i++) {
            byte[] digest = new byte[DIGEST_BYTES];
            random.nextBytes(digest);
            Cid cid = Cid.v1(Multicodec.RAW, Multihash.of(SHA2_256, digest));
            cids.add(cid);
            blocks.add(new Block(cid, Payload.of(content.duplicate())));
        }
        repository.putAll(blocks).join();
        return cids;
    }

    @Benchmark
    public int get() {
        Cid cid = stored.get(random.nextInt(stored.size()));
        try (Block block = repository.get(cid).join().orElseThrow()) {
            return block.sizeBytes();
        }
    }
}

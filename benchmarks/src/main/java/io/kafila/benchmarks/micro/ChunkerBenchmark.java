package io.kafila.benchmarks.micro;

import io.kafila.dag.unixfs.Chunker;
import io.kafila.dag.unixfs.Chunkers;
import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.Warmup;

/** Where the chunks of 16 MiB end, in the direct buffers that the importer reads into. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChunkerBenchmark {
    private static final int BYTES = 16 << 20;

    @Param({"size-1048576", "rabin", "buzhash"})
    public String chunker = "buzhash";

    private Chunker.Factory factory;
    private ByteBuffer content;

    @Setup(Level.Trial)
    public void prepare() {
        factory = Chunkers.parse(chunker);
        content = ByteBuffer.allocateDirect(BYTES).put(Contents.random(BYTES)).flip();
    }

    @Benchmark
    public int cut() {
        Chunker cutting = factory.newChunker();
        ByteBuffer rest = content.duplicate();
        int chunks = 0;
        while (cutting.cut(rest) >= 0) {
            chunks++;
        }
        return chunks;
    }
}

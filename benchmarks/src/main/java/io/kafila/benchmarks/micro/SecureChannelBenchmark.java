package io.kafila.benchmarks.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
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
 * A MiB through the secure channels as the host builds them: Noise frames or TLS records, without a socket. What opening
 * costs is the difference between the two benchmarks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = Contents.POOL_IN_EVERY_THREAD)
public class SecureChannelBenchmark {
    private static final int BYTES = 1 << 20;

    @Param({"TLS", "NOISE"})
    public SecureChannelPair.Protocol protocol = SecureChannelPair.Protocol.TLS;

    private SecureChannelPair pair;
    private ByteBuf plain;

    @Setup(Level.Trial)
    public void open() {
        pair = SecureChannelPair.open(protocol);
        plain = PooledByteBufAllocator.DEFAULT.directBuffer(BYTES).writeBytes(Contents.random(BYTES));
    }

    @TearDown(Level.Trial)
    public void close() {
        pair.close();
        plain.release();
    }

    @Benchmark
    public void seal() {
        pair.seal(plain.retainedDuplicate()).forEach(ByteBuf::release);
    }

    @Benchmark
    public void sealAndOpen() {
        pair.open(pair.seal(plain.retainedDuplicate())).forEach(ByteBuf::release);
    }
}

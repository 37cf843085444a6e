package io.kafila.benchmarks.micro;

import io.kafila.libp2p.internal.yamux.FrameHeader;
import io.kafila.libp2p.internal.yamux.StreamBudget;
import io.kafila.libp2p.internal.yamux.YamuxListener;
import io.kafila.libp2p.internal.yamux.YamuxOptions;
import io.kafila.libp2p.internal.yamux.YamuxSession;
import io.kafila.libp2p.internal.yamux.YamuxStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A MiB through one stream of two yamux sessions: frames out of one, into the other, read, and credit back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = Contents.POOL_IN_EVERY_THREAD)
public class YamuxBenchmark {
    private static final int BYTES = 1 << 20;
    private static final int PULL_BYTES = 256 * 1024;

    private final Deque<ByteBuf> wire = new ArrayDeque<>();
    private YamuxSession sender;
    private YamuxSession receiver;
    private YamuxStream outgoing;
    private YamuxStream incoming;
    private ByteBuf content;

    @Setup(Level.Trial)
    public void open() {
        content = PooledByteBufAllocator.DEFAULT.directBuffer(BYTES).writeBytes(Contents.random(BYTES));
        sender = session(true);
        receiver = session(false);
        outgoing = sender.open();
        transfer();
        if (incoming == null) {
            throw new IllegalStateException("yamux: the receiver has no stream, want one");
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        IllegalStateException over = new IllegalStateException("benchmark is over");
        sender.fail(over);
        receiver.fail(over);
        content.release();
    }

    @Benchmark
    public void transfer() {
        long now = System.nanoTime();
        outgoing.write(content.retainedDuplicate(), cause -> {});
        int left = BYTES;
        while (left > 0) {
            pass(sender, receiver, now);
            for (ByteBuf piece : incoming.take(1 << 20, now)) {
                left -= piece.readableBytes();
                piece.release();
            }
            pass(receiver, sender, now);
        }
    }

    private void pass(YamuxSession from, YamuxSession to, long now) {
        from.pull(this::frame, PULL_BYTES, now);
        for (ByteBuf next = wire.poll(); next != null; next = wire.poll()) {
            to.receive(next, now);
            next.release();
        }
    }

    private void frame(FrameHeader header, @Nullable ByteBuf payload) {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.heapBuffer(FrameHeader.BYTES, FrameHeader.BYTES);
        header.write(bytes);
        wire.add(bytes);
        if (payload != null) {
            wire.add(payload);
        }
    }

    private YamuxSession session(boolean initiator) {
        YamuxListener listener = new YamuxListener() {
            @Override
            public StreamBudget admit(boolean inbound) {
                return new Unbounded();
            }

            @Override
            public void onStream(YamuxStream stream) {
                incoming = stream;
            }

            @Override
            public void onGoAway() {}

            @Override
            public void onDrained() {}
        };
        return new YamuxSession(
                initiator, YamuxOptions.DEFAULT, PooledByteBufAllocator.DEFAULT, listener, System.nanoTime());
    }

    private static final class Unbounded implements StreamBudget {
        @Override
        public boolean reserve(int bytes) {
            return true;
        }

        @Override
        public void release(int bytes) {}

        @Override
        public void close() {}
    }
}

package io.kafila.benchmarks.micro;

import io.kafila.bitswap.internal.client.Session;
import io.kafila.bitswap.internal.client.SessionOptions;
import io.kafila.bitswap.internal.client.SessionOutput;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Wants through the scheduler of a fetch, in virtual time: wanted, asked of the best of the peers, answered at once by the
 * oldest ask. The score is wants a second, from first wanted to let go by the reader.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SessionBenchmark {
    private static final int WANTS = 2048;
    private static final long MICRO = 1_000;

    @Param({"1", "4"})
    public int peers = 1;

    @Param({"1048576", "10240"})
    public int blockBytes = 10240;

    private final List<Cid> cids = new ArrayList<>();
    private final List<PeerId> ids = new ArrayList<>();

    private record Ask(PeerId peer, Cid cid) {}

    @Setup(Level.Trial)
    public void prepare() {
        for (int i = 0; i < WANTS; i++) {
            byte[] content = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
            cids.add(Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(content)));
        }
        for (int i = 0; i < peers; i++) {
            ids.add(PeerId.of(HashFunction.SHA2_256.digest(new byte[] {(byte) i})));
        }
    }

    @Benchmark
    @OperationsPerInvocation(WANTS)
    public long fetch() {
        Deque<Ask> asked = new ArrayDeque<>();
        Session session = new Session(SessionOptions.DEFAULT, new Asks(asked));
        long now = MICRO;
        for (PeerId id : ids) {
            session.peerReady(id, true, MICRO, now);
        }
        for (Cid cid : cids) {
            session.want(cid, now);
        }
        session.advance(now);
        while (!session.isIdle()) {
            Ask ask = asked.poll();
            if (ask == null) {
                throw new IllegalStateException("session: " + session.wantCount() + " wants and nobody asked");
            }
            now += MICRO;
            if (session.received(ask.peer, ask.cid.multihash(), blockBytes, now)) {
                session.delivered(blockBytes);
                session.released(blockBytes);
            }
            session.advance(now);
        }
        return now;
    }

    /** Peers that have everything: a question for presence counts as one for the block. */
    private record Asks(Deque<Ask> asked) implements SessionOutput {
        @Override
        public void wantHave(PeerId peer, Cid cid) {
            asked.add(new Ask(peer, cid));
        }

        @Override
        public void wantBlock(PeerId peer, Cid cid) {
            asked.add(new Ask(peer, cid));
        }

        @Override
        public void cancel(PeerId peer, Cid cid) {}

        @Override
        public void findProviders(Cid cid) {}

        @Override
        public void reconnect(PeerId peer) {}
    }
}

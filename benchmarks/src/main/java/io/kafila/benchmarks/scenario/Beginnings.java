package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.Cleanup;
import io.kafila.benchmarks.content.Content;
import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.content.Tensors;
import io.kafila.benchmarks.peer.Daemon;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.Rpc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How soon a receiver that knows only an address and a Cid has something of a file of tensors: it connects, reads the
 * beginning, then the header, then the first tensor, each as a range over the RPC.
 */
public final class Beginnings {
    /** From the first byte of the connect to its end. */
    public static final String CONNECT_MS = "connect_ms";
    /** From the connection to the first byte. */
    public static final String FIRST_BYTE_MS = "first_byte_ms";
    /** From the start of the connect to the first byte, in round trips of an emulated link. */
    public static final String FIRST_BYTE_ROUND_TRIPS = "first_byte_round_trips";
    /** Those over {@link #roundTripsNeeded}. */
    public static final String FIRST_BYTE_OVER_NEEDED = "first_byte_over_needed";
    /** From the connection to the last byte of the first tensor. */
    public static final String FIRST_TENSOR_MS = "first_tensor_ms";

    /** TCP's handshake; the agreement on the secure channel; its handshake; the root; the first leaf. */
    private static final int TRIPS = 5;
    /** What TCP sends before the first acknowledgement (RFC 6928). */
    private static final int INITIAL_SEGMENTS = 10;
    /** Headers of IP and TCP with the timestamp option. */
    private static final int HEADER_BYTES = 52;

    private Beginnings() {}

    /**
     * The round trips that the protocols need from an address and a Cid to the first byte of a file.
     *
     * <p>Five: TCP's handshake; the agreement on the secure channel; its handshake, with the muxer inside and the first want
     * right behind it; the root; the first leaf. Identify, and the agreement on a protocol that is offered without
     * asking, need none of their own. A block is verified as a whole before any byte of it counts, and TCP begins
     * with ten segments and doubles them with each round trip at best, so a leaf of 1 MiB costs three more with an MTU
     * of 9000 and six with 1500.
     */
    public static int roundTripsNeeded(int blockBytes, int mtuBytes) {
        long window = (long) INITIAL_SEGMENTS * (mtuBytes - HEADER_BYTES);
        int more = 0;
        for (long sent = window; sent < blockBytes; sent += window) {
            window *= 2;
            more++;
        }
        return TRIPS + more;
    }

    public static Scenario firstTensor(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        lanes.add(lane(lineup.kafila(), setup, warmth));
        lineup.kubo().forEach(kubo -> lanes.add(lane(kubo, setup, warmth)));
        Workload workload = Workload.of(Workload.Kind.FIRST_BYTES, content, setup);
        return new Scenario(
                name,
                title,
                workload,
                content,
                true,
                content.bytes() * (2 + 2L * lanes.size()),
                setup.peers(),
                setup.star(Transfers.SOURCE, List.of(Transfers.RECEIVER)),
                lanes);
    }

    private static Lane lane(DaemonCompetitor competitor, Setup setup, Warmth warmth) {
        return Lane.of(competitor.name(), repetition -> {
            Fleet fleet = repetition.fleet();
            String root = warmth.held(repetition, competitor, Transfers.SOURCE);
            Daemon from = fleet.daemon(competitor, Transfers.SOURCE);
            Daemon to = fleet.daemon(competitor, Transfers.RECEIVER);
            String address = fleet.address(competitor, Transfers.SOURCE, Transfers.RECEIVER);
            ByteBuffer tensor = ByteBuffer.allocate(Tensors.TENSOR_BYTES);
            Cleanup atEnd = Cleanup.all(List.of(() -> to.disconnect(address), to::collect));
            try (atEnd) {
                long at = repetition.timed(Map.of("source", from, "receiver", to), () -> {
                    long start = System.nanoTime();
                    to.connect(address);
                    long connected = System.nanoTime();
                    byte[] beginning = new byte[Long.BYTES];
                    long firstByte = begin(to.rpc(), root, beginning);
                    long first = Tensors.firstTensor(beginning);
                    Reads.readRange(to.rpc(), root, Long.BYTES, ByteBuffer.allocate((int) first - Long.BYTES));
                    Reads.readRange(to.rpc(), root, first, tensor);
                    repetition.figure(CONNECT_MS, (connected - start) / 1e6);
                    repetition.figure(FIRST_BYTE_MS, (firstByte - connected) / 1e6);
                    setup.link().ifPresent(link -> {
                        double trips = (firstByte - start)
                                / (double) Math.max(1, link.shape().roundTrip().toNanos());
                        repetition.figure(FIRST_BYTE_ROUND_TRIPS, trips);
                        repetition.figure(
                                FIRST_BYTE_OVER_NEEDED,
                                trips / roundTripsNeeded(setup.peers().blockBytes(), link.mtuBytes()));
                    });
                    repetition.figure(FIRST_TENSOR_MS, (System.nanoTime() - connected) / 1e6);
                    repetition.moves(first + Tensors.TENSOR_BYTES);
                    return first;
                });
                check(repetition.content(), at, tensor.flip());
            }
        });
    }

    /** Reads the beginning of a file; when its first byte came. */
    private static long begin(Rpc rpc, String root, byte[] beginning) throws IOException {
        try (InputStream in = rpc.stream("cat?arg=" + root + "&offset=0&length=" + beginning.length)) {
            if (in.readNBytes(beginning, 0, 1) < 1) {
                throw new BenchException("the file has no first byte");
            }
            long time = System.nanoTime();
            if (in.readNBytes(beginning, 1, beginning.length - 1) < beginning.length - 1) {
                throw new BenchException("the file ends within its first " + beginning.length + " bytes");
            }
            return time;
        }
    }

    private static void check(Content content, long at, ByteBuffer tensor) throws IOException {
        ByteBuffer wanted = ByteBuffer.allocate(tensor.remaining());
        try (FileChannel plain = FileChannel.open(content.path())) {
            PlainFile.readFully(plain, at, wanted);
        }
        if (!tensor.equals(wanted.flip())) {
            throw new BenchException("the first tensor at " + at + " has other bytes than those of the file");
        }
    }
}

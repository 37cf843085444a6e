package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.BenchException;
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
    /** From the connection to the last byte of the first tensor. */
    public static final String FIRST_TENSOR_MS = "first_tensor_ms";

    private Beginnings() {}

    public static Scenario firstTensor(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        lanes.add(lane(lineup.kafila()));
        lineup.kubo().forEach(kubo -> lanes.add(lane(kubo)));
        Workload workload = Workload.of(Workload.Kind.FIRST_BYTES, content, setup);
        return new Scenario(
                name, title, workload, content, true, content.bytes() * (2 + 2L * lanes.size()), setup, lanes);
    }

    private static Lane lane(DaemonCompetitor competitor) {
        return Lane.of(competitor.name(), repetition -> {
            Fleet fleet = repetition.fleet();
            String root = fleet.hold(competitor, Transfers.SOURCE, repetition.content());
            Daemon from = fleet.daemon(competitor, Transfers.SOURCE);
            Daemon to = fleet.daemon(competitor, Transfers.RECEIVER);
            String address = from.address();
            ByteBuffer tensor = ByteBuffer.allocate(Tensors.TENSOR_BYTES);
            long at = repetition.timed(Map.of("source", from, "receiver", to), () -> {
                long start = System.nanoTime();
                to.connect(address);
                long connected = System.nanoTime();
                byte[] beginning = begin(to.rpc(), root, repetition, connected);
                long first = Tensors.firstTensor(beginning);
                Reads.readRange(to.rpc(), root, Long.BYTES, ByteBuffer.allocate((int) first - Long.BYTES));
                Reads.readRange(to.rpc(), root, first, tensor);
                repetition.figure(CONNECT_MS, (connected - start) / 1e6);
                repetition.figure(FIRST_TENSOR_MS, (System.nanoTime() - connected) / 1e6);
                repetition.moves(first + Tensors.TENSOR_BYTES);
                return first;
            });
            check(repetition.content(), at, tensor.flip());
            to.disconnect(address);
            to.collect();
        });
    }

    private static byte[] begin(Rpc rpc, String root, Repetition repetition, long connected) throws IOException {
        try (InputStream in = rpc.stream("cat?arg=" + root + "&offset=0&length=" + Long.BYTES)) {
            byte[] beginning = new byte[Long.BYTES];
            if (in.readNBytes(beginning, 0, 1) < 1) {
                throw new BenchException("the file has no first byte");
            }
            repetition.figure(FIRST_BYTE_MS, (System.nanoTime() - connected) / 1e6);
            in.readNBytes(beginning, 1, Long.BYTES - 1);
            return beginning;
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

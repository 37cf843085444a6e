package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Content;
import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.Daemon;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.EmbeddedKafila;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.Peer;
import io.kafila.benchmarks.peer.Rpc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Stored content is read where it is stored, in order or at random places, beside a plain file in the page cache. The
 * plain file is there since it was written; so every peer reads all of its own before the first clock starts.
 */
public final class Reads {
    /** The reader of the library, in the harness' own JVM. */
    public static final String READER = "kafila-reader";
    /** The same bytes as a plain file. */
    public static final String PLAIN = "plain-file";

    private static final String ROLE = "source0";
    private static final int RANDOM_BYTES = 1 << 20;
    /** At most; a small file is not read over and over. */
    private static final int RANDOM_READS = 1024;

    private Reads() {}

    /** All of a file in order. Commands print it to nowhere; the digest is compared outside the clock. */
    public static Scenario sequential(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        Competitor embedded = EmbeddedKafila.competitor(READER);
        lanes.add(Lane.of(READER, repetition -> {
            EmbeddedKafila node = (EmbeddedKafila) repetition.fleet().peer(embedded, ROLE);
            String root = repetition.fleet().hold(embedded, ROLE, repetition.content());
            warmth.ensure(repetition, node, root);
            long count = repetition.timedWithHarness(Map.of(), () -> {
                try (SeekableByteChannel channel = node.open(root)) {
                    return PlainFile.drain(channel);
                }
            });
            requireAll(count, repetition.content());
            repetition.check(node.digest(root, repetition.scratch()));
        }));
        for (DaemonCompetitor competitor : daemons(lineup)) {
            lanes.add(Lane.of(competitor.name() + "-cat", repetition -> {
                Daemon daemon = repetition.fleet().daemon(competitor, ROLE);
                String root = repetition.fleet().hold(competitor, ROLE, repetition.content());
                warmth.ensure(repetition, daemon, root);
                repetition.timedWithCommands(Map.of("daemon", daemon), () -> {
                    daemon.command("cat", root).runQuietly();
                    return root;
                });
                repetition.check(daemon.digest(root, repetition.scratch()));
            }));
        }
        lanes.add(Lane.of(PLAIN, repetition -> {
            Content plain = repetition.content();
            long count = repetition.timedWithHarness(Map.of(), () -> {
                try (FileChannel channel = FileChannel.open(plain.path())) {
                    return PlainFile.drain(channel);
                }
            });
            requireAll(count, plain);
        }));
        return scenario(name, title, Workload.Kind.READ_SEQUENTIAL, content, setup, lanes);
    }

    private static void requireAll(long count, Content content) {
        if (count != content.bytes()) {
            throw new BenchException("read " + count + " bytes, want " + content.bytes());
        }
    }

    /** Pieces of 1 MiB at random places. Each piece is compared with the plain file's outside the clock. */
    public static Scenario random(String name, String title, ContentSpec content, Setup setup, Lineup lineup) {
        List<Lane> lanes = new ArrayList<>();
        Warmth warmth = new Warmth();
        Competitor embedded = EmbeddedKafila.competitor(READER);
        lanes.add(Lane.of(READER, repetition -> {
            EmbeddedKafila node = (EmbeddedKafila) repetition.fleet().peer(embedded, ROLE);
            String root = repetition.fleet().hold(embedded, ROLE, repetition.content());
            warmth.ensure(repetition, node, root);
            try (SeekableByteChannel channel = node.open(root)) {
                readAtRandom(repetition, Map.of(), (offset, buffer) -> PlainFile.readFully(channel, offset, buffer));
            }
        }));
        for (DaemonCompetitor competitor : daemons(lineup)) {
            lanes.add(Lane.of(competitor.name() + "-rpc", repetition -> {
                Daemon daemon = repetition.fleet().daemon(competitor, ROLE);
                String root = repetition.fleet().hold(competitor, ROLE, repetition.content());
                warmth.ensure(repetition, daemon, root);
                readAtRandom(
                        repetition,
                        Map.of("daemon", daemon),
                        (offset, buffer) -> readRange(daemon.rpc(), root, offset, buffer));
            }));
        }
        lanes.add(Lane.of(PLAIN, repetition -> {
            try (FileChannel channel = FileChannel.open(repetition.content().path())) {
                readAtRandom(repetition, Map.of(), (offset, buffer) -> PlainFile.readFully(channel, offset, buffer));
            }
        }));
        return scenario(name, title, Workload.Kind.READ_RANDOM, content, setup, lanes);
    }

    /** Fills a buffer from a place of some content. */
    private interface RandomRead {
        void read(long offset, ByteBuffer buffer) throws IOException;
    }

    private static void readAtRandom(Repetition repetition, Map<String, Peer> peers, RandomRead reading)
            throws Exception {
        Content content = repetition.content();
        int length = (int) Math.min(RANDOM_BYTES, content.bytes());
        long[] offsets = new SplittableRandom(repetition.number())
                .longs(Math.min(RANDOM_READS, 1 + 4 * content.bytes() / length), 0, content.bytes() - length + 1)
                .toArray();
        ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        repetition.moves((long) length * offsets.length);
        repetition.timedWithHarness(peers, () -> {
            for (long offset : offsets) {
                reading.read(offset, buffer.clear());
            }
            return offsets.length;
        });
        ByteBuffer wanted = ByteBuffer.allocateDirect(length);
        try (FileChannel plain = FileChannel.open(content.path())) {
            for (long offset : offsets) {
                reading.read(offset, buffer.clear());
                PlainFile.readFully(plain, offset, wanted.clear());
                if (!buffer.flip().equals(wanted.flip())) {
                    throw new BenchException("read at " + offset + ": other bytes than those of the file");
                }
            }
        }
    }

    static void readRange(Rpc rpc, String root, long offset, ByteBuffer buffer) throws IOException {
        String path = "cat?arg=" + root + "&offset=" + offset + "&length=" + buffer.remaining();
        try (InputStream in = rpc.stream(path)) {
            byte[] bytes = in.readNBytes(buffer.remaining());
            if (bytes.length < buffer.remaining()) {
                throw new IOException(path + ": " + bytes.length + " bytes, want " + buffer.remaining());
            }
            // The end is read too: a connection whose answer was not read to its end is not used again.
            if (in.read() >= 0) {
                throw new IOException(path + ": more than the " + bytes.length + " bytes asked for");
            }
            buffer.put(bytes);
        }
    }

    private static List<DaemonCompetitor> daemons(Lineup lineup) {
        List<DaemonCompetitor> daemons = new ArrayList<>();
        daemons.add(lineup.kafila());
        daemons.addAll(lineup.kubo());
        return daemons;
    }

    private static Scenario scenario(
            String name, String title, Workload.Kind kind, ContentSpec content, Setup setup, List<Lane> lanes) {
        Workload workload = Workload.of(kind, content, setup);
        // The content, and every competitor's blocks of it.
        long disk = content.bytes() * (1 + lanes.size());
        return new Scenario(name, title, workload, content, false, disk, setup.peers(), Optional.empty(), lanes);
    }
}

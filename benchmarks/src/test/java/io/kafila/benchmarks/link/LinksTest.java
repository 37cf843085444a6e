package io.kafila.benchmarks.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.peer.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Emulated links as the programs at their ends see them. Needs the privileges to make network namespaces. */
class LinksTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void privileges() {
        assumeTrue(Links.carryPackets(), "no privileges to make network namespaces with ip");
    }

    /** A program for one end: echoes what it gets, and answers the number of bytes when its peer is through. */
    private static final String SERVER = """
            import java.io.*; import java.net.*;
            public class Server {
                public static void main(String[] a) throws Exception {
                    try (ServerSocket server = new ServerSocket(7000, 1, InetAddress.getByName(a[0]))) {
                        System.out.println("ready");
                        try (Socket socket = server.accept()) {
                            socket.setTcpNoDelay(true);
                            DataInputStream in = new DataInputStream(socket.getInputStream());
                            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                            for (int i = 0; i < 5; i++) { out.write(in.read()); }
                            long sum = 0; byte[] buffer = new byte[65536];
                            for (int n; (n = in.read(buffer)) > 0; ) { sum += n; }
                            out.writeLong(sum);
                        }
                    }
                }
            }
            """;

    private static final String CLIENT = """
            import java.io.*; import java.net.*;
            public class Client {
                public static void main(String[] a) throws Exception {
                    long before = System.nanoTime();
                    try (Socket socket = new Socket(a[0], 7000)) {
                        long connect = System.nanoTime() - before, best = Long.MAX_VALUE;
                        socket.setTcpNoDelay(true);
                        DataInputStream in = new DataInputStream(socket.getInputStream());
                        OutputStream out = socket.getOutputStream();
                        for (int i = 0; i < 5; i++) {
                            long start = System.nanoTime(); out.write(i); in.read();
                            best = Math.min(best, System.nanoTime() - start);
                        }
                        long start = System.nanoTime(); byte[] buffer = new byte[65536]; int blocks = Integer.parseInt(a[1]);
                        for (int i = 0; i < blocks; i++) { out.write(buffer); }
                        socket.shutdownOutput();
                        long sum = in.readLong();
                        System.out.println(connect + " " + best + " " + sum + " " + (System.nanoTime() - start));
                    }
                }
            }
            """;

    @Test
    void link_hasTheRoundTripAndTheRateOfItsShape() throws Exception {
        LinkShape shape = LinkShape.of(Duration.ofMillis(20), 100_000_000);
        try (Star star = Links.open(StarPlan.pair("source0", "receiver0", shape))) {
            assertThat(star.toString()).contains("20.0 ms, 100.0 Mbit/s", "MTU 9000", "tcp_rmem 4096 131072 33554432");
            long[] seen = measure(star, "source0", "receiver0", 64);
            assertThat(seen[0]).as("connect").isBetween(20_000_000L, 60_000_000L);
            assertThat(seen[1]).as("round trip").isBetween(20_000_000L, 30_000_000L);
            assertThat(seen[2]).as("bytes").isEqualTo(64 * 65536);
            double bitsPerSecond = seen[2] * 8e9 / seen[3];
            assertThat(bitsPerSecond).as("rate").isBetween(30e6, 100e6);
            assertThat(star.counters().overflowed()).isZero();
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void leaves_haveLinksOfTheirOwn_andDoNotReachEachOther() throws Exception {
        Map<String, LinkShape> leaves = new LinkedHashMap<>();
        leaves.put("source0", LinkShape.of(Duration.ofMillis(10), 1_000_000_000));
        leaves.put("source1", LinkShape.of(Duration.ofMillis(30), 1_000_000_000));
        StarPlan plan = new StarPlan("receiver0", leaves, TcpSettings.UNTOUCHED, 1500, 1, StarPlan.Carrier.BEST);
        try (Star star = Links.open(plan)) {
            assertThat(measure(star, "source0", "receiver0", 1)[1]).isBetween(10_000_000L, 20_000_000L);
            assertThat(measure(star, "source1", "receiver0", 1)[1]).isBetween(30_000_000L, 40_000_000L);
            List<String> ping =
                    List.of("ping", "-c", "1", "-W", "1", star.site("source1").swarmHost());
            assertThat(Commands.succeeds(String.join(" ", star.site("source0").command(ping))))
                    .isFalse();
            assertThatThrownBy(() -> star.site("source2"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("links: role source2, want one of [receiver0, source0, source1]");
        }
    }

    @Test
    void loss_isSeenByTcp() throws Exception {
        LinkShape shape = LinkShape.of(Duration.ofMillis(2), 100_000_000).withLoss(0.02);
        try (Star star = Links.open(StarPlan.pair("source0", "receiver0", shape))) {
            long[] seen = measure(star, "source0", "receiver0", 200);
            assertThat(seen[2]).isEqualTo(200 * 65536);
            if (star.counters() != LinkCounters.NONE) {
                assertThat(star.counters().lost()).isPositive();
            }
        }
    }

    @Test
    void open_whileAnotherIsOpen_isRefused_andTheFirstGoesOn() throws Exception {
        LinkShape shape = LinkShape.of(Duration.ofMillis(2), 100_000_000);
        StarPlan plan = StarPlan.pair("source0", "receiver0", shape);
        try (Star star = Links.open(plan)) {
            assertThatThrownBy(() -> Links.open(plan))
                    .isInstanceOf(BenchException.class)
                    .hasMessage("links: this process emulates some already, want one set at a time");
            assertThat(measure(star, "source0", "receiver0", 1)[2]).isEqualTo(65536);
        }
    }

    @Test
    void open_removesWhatACrashedRunHasLeft() throws Exception {
        Commands.run("ip netns add " + Namespaces.name(1));
        Commands.run("ip link add kfl1 type veth peer name api0 netns " + Namespaces.name(1));
        LinkShape shape = LinkShape.of(Duration.ofMillis(2), 100_000_000);
        try (Star star = Links.open(StarPlan.pair("source0", "receiver0", shape))) {
            assertThat(measure(star, "source0", "receiver0", 1)[2]).isEqualTo(65536);
        }
        assertThat(leftovers()).isEmpty();
    }

    /** The nanoseconds to connect, the best round trip, the bytes that came over, and the nanoseconds that it took. */
    private long[] measure(Star star, String server, String client, int blocks) throws Exception {
        Files.writeString(folder.resolve("Server.java"), SERVER);
        Files.writeString(folder.resolve("Client.java"), CLIENT);
        String address = star.site(server).swarmHost();
        Process listening = start(star.site(server), "Server.java", address);
        try {
            assertThat(listening.inputReader().readLine()).isEqualTo("ready");
            Process connecting = start(star.site(client), "Client.java", address, String.valueOf(blocks));
            try {
                assertThat(connecting.waitFor(60, TimeUnit.SECONDS)).isTrue();
                Matcher words = Pattern.compile("(\\d+) (\\d+) (\\d+) (\\d+)")
                        .matcher(connecting.inputReader().readLine());
                assertThat(words.matches()).isTrue();
                return Stream.of(1, 2, 3, 4)
                        .mapToLong(group -> Long.parseLong(words.group(group)))
                        .toArray();
            } finally {
                connecting.destroyForcibly();
            }
        } finally {
            listening.destroyForcibly();
            assertThat(listening.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Process start(Site site, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(words));
        return new ProcessBuilder(site.command(command))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> leftovers() {
        List<String> left = new ArrayList<>();
        for (String line : Commands.run("ip netns list").split("\n")) {
            if (line.startsWith("kafila-link-")) {
                left.add(line);
            }
        }
        return left;
    }
}

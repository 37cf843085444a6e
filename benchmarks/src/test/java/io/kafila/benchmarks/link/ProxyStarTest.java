package io.kafila.benchmarks.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Emulated links for everybody, as the programs at their ends see them. */
@Timeout(60)
class ProxyStarTest {
    private static final LinkOptions LINK = LinkOptions.parse("rtt:40ms,rate:80mbit,carrier:proxy");

    /** Echoes five bytes, then answers how many more came until the end. */
    private static void serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (int i = 0; i < 5; i++) {
                out.write(in.read());
            }
            out.writeLong(in.readAllBytes().length);
        } catch (IOException e) {
            assertThat(server.isClosed()).as("%s", e).isTrue();
        }
    }

    private static ServerSocket server() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> serve(server));
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static int port(String address) {
        Matcher port = Pattern.compile(":(\\d+)/|/tcp/(\\d+)/").matcher(address);
        assertThat(port.find()).isTrue();
        return Integer.parseInt(port.group(1) == null ? port.group(2) : port.group(1));
    }

    @Test
    void connection_hasTheRoundTripsAndTheRateOfItsShape() throws Exception {
        try (Star star = Links.open(LINK.star("source0", List.of("receiver0")));
                ServerSocket server = server()) {
            String address = "/ip4/127.0.0.1/tcp/" + server.getLocalPort() + "/p2p/peer";
            String via = star.via("receiver0", "source0", address);
            assertThat(via)
                    .startsWith("/ip4/127.0.0.1/tcp/")
                    .endsWith("/p2p/peer")
                    .isNotEqualTo(address);
            assertThat(star.via("receiver0", "source0", address)).isEqualTo(via);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(via))) {
                socket.setTcpNoDelay(true);
                long start = System.nanoTime();
                long first = echo(socket, start);
                assertThat(first).as("TCP's handshake and one echo").isBetween(80_000_000L, 200_000_000L);
                long best = Long.MAX_VALUE;
                for (int i = 1; i < 5; i++) {
                    best = Math.min(best, echo(socket, System.nanoTime()));
                }
                assertThat(best).as("round trip").isBetween(40_000_000L, 60_000_000L);
                start = System.nanoTime();
                socket.getOutputStream().write(new byte[2_000_000]);
                socket.shutdownOutput();
                assertThat(new DataInputStream(socket.getInputStream()).readLong())
                        .isEqualTo(2_000_000);
                double bitsPerSecond = 2_000_000 * 8e9 / (System.nanoTime() - start - 40_000_000L);
                assertThat(bitsPerSecond).as("rate").isBetween(40e6, 84e6);
            }
        }
    }

    private static long echo(Socket socket, long start) throws IOException {
        socket.getOutputStream().write(1);
        assertThat(socket.getInputStream().read()).isEqualTo(1);
        return System.nanoTime() - start;
    }

    @Test
    void connection_endIsPassedOn_whenEitherSideGoes() throws Exception {
        try (Star star = Links.open(LINK.star("source0", List.of("receiver0")));
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String via = star.via("source0", "receiver0", "http://127.0.0.1:" + server.getLocalPort() + "/");
            assertThat(via).startsWith("http://127.0.0.1:").endsWith("/");
            try (Socket dialler = new Socket(InetAddress.getLoopbackAddress(), port(via));
                    Socket listener = server.accept()) {
                listener.close();
                assertThat(dialler.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void close_endsConnections() throws Exception {
        Star star = Links.open(LINK.star("source0", List.of("receiver0")));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String via = star.via("receiver0", "source0", "rsync://127.0.0.1:" + server.getLocalPort() + "/content/");
            try (Socket dialler = new Socket(InetAddress.getLoopbackAddress(), port(via));
                    Socket listener = server.accept()) {
                star.close();
                InputStream in = dialler.getInputStream();
                assertThat(in.read()).isEqualTo(-1);
                assertThat(listener.getInputStream().read()).isEqualTo(-1);
            }
        } finally {
            star.close();
        }
    }

    @Test
    void loss_isRefused() {
        StarPlan plan = LinkOptions.parse("loss:1%,carrier:proxy").star("source0", List.of("receiver0"));

        assertThatThrownBy(() -> Links.open(plan))
                .isInstanceOf(LinkException.class)
                .hasMessage("links: a loss of packets needs network namespaces, which this process may not make");
    }

    @Test
    void roles_unknownOnes_areNamed() {
        StarPlan plan = LINK.star("receiver0", Map.of("source0", LinkShape.of(Duration.ofMillis(1), 1_000_000)));
        try (Star star = Links.open(plan)) {
            assertThat(star.toString())
                    .startsWith("a proxy that delays and limits bytes")
                    .contains("1.0 ms, 1.0 Mbit/s");
            assertThatThrownBy(() -> star.site("source1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("links: role source1, want receiver0 or one of [source0]");
        }
    }
}

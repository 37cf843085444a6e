package io.kafila.daemon.internal.rpc;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What ends requests and connections that take too long, are too many or make no sense. */
class RpcLimitsTest extends RpcServerSetup {
    @Test
    void timeout_interruptsTheCommand() throws Exception {
        assertThat(post("wait?timeout=50ms")).startsWith("HTTP/1.1 500").contains("context deadline exceeded");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void disconnect_interruptsTheCommand() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("POST /api/v0/wait HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tooManyRequests_areTurnedAway() throws Exception {
        server.close();
        start("{}", RpcLimits.DEFAULT.withCounts(1, 8, 8));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("POST /api/v0/wait HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(post("once"))
                    .startsWith("HTTP/1.1 503")
                    .contains("too many requests: 1 are running")
                    .containsIgnoringCase("retry-after: 1");
        }
        assertThat(counters.values()).containsEntry("overloads", 1L);
    }

    @Test
    void head_thatIsLate_isAnsweredWith408() throws Exception {
        server.close();
        start("{}", RpcLimits.DEFAULT.withDeadlines(ofMillis(100), ofMinutes(1), ofMinutes(1), ofMinutes(1)));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("POST /api/v0/once HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408 Request Timeout")
                    .contains("request headers: not complete after 100 ms");
        }
        assertThat(counters.values()).containsEntry("late_heads", 1L);
        assertThat(post("wait?timeout=300ms")).contains("context deadline exceeded"); // a head in time may wait longer
    }

    @Test
    void connection_thatIsNotUsed_isClosed() throws Exception {
        server.close();
        start("{}", RpcLimits.DEFAULT.withDeadlines(ofMinutes(1), ofMillis(100), ofMinutes(1), ofMinutes(1)));
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("POST /api/v0/once HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200");
        }
        assertThat(counters.values()).containsEntry("idle_connections", 1L);
    }

    @Test
    void tooManyConnections_areTurnedAway_untilOneEnds() throws Exception {
        server.close();
        start("{}", RpcLimits.DEFAULT.withCounts(8, 2, 2));
        try (Socket first = new Socket("127.0.0.1", port);
                Socket second = new Socket("127.0.0.1", port)) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(post("once"))
                    .startsWith("HTTP/1.1 503")
                    .contains("too many connections: 2 are open")
                    .contains("Retry-After: 1");
            assertThat(counters.values()).containsEntry("refused_connections", 1L);
        }
        String answer = post("once");
        for (int i = 0; i < 100 && !answer.startsWith("HTTP/1.1 200"); i++) {
            answer = post("once"); // the ends of the two are on their way
        }
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void readerThatDoesNotRead_givesWay_whenItsPlaceIsWanted() throws Exception {
        server.close();
        start(
                "{}",
                RpcLimits.DEFAULT
                        .withCounts(1, 8, 8)
                        .withDeadlines(ofMinutes(1), ofMinutes(1), ofMillis(200), ofMinutes(1)));
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(16 * 1024);
            slow.connect(new InetSocketAddress("127.0.0.1", port));
            slow.getOutputStream()
                    .write("POST /api/v0/endless HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
            String answer = post("once");
            for (int i = 0; i < 1000 && answer.startsWith("HTTP/1.1 503"); i++) {
                answer = post("once"); // within its patience the server turns others away
            }
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(counters.values()).containsEntry("slow_clients", 1L);
    }

    @Test
    void bodyThatDoesNotCome_givesWay_withAClearError() throws Exception {
        server.close();
        start(
                "{}",
                RpcLimits.DEFAULT
                        .withCounts(1, 8, 8)
                        .withDeadlines(ofMinutes(1), ofMinutes(1), ofMillis(200), ofMinutes(1)));
        try (Socket slow = new Socket("127.0.0.1", port)) {
            slow.getOutputStream()
                    .write(("POST /api/v0/size HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                                    + "Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = post("once");
            while (answer.startsWith("HTTP/1.1 503") || counters.values().get("slow_clients") == 0) {
                answer = post("once");
            }
            assertThat(answer).startsWith("HTTP/1.1 200");
            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408")
                    .contains("the client is too slow: its place was given to another, for all 1 were taken");
        }
    }

    @Test
    void bodyThatNeverComes_isGivenUp() throws Exception {
        server.close();
        start("{}", RpcLimits.DEFAULT.withDeadlines(ofMinutes(1), ofMinutes(1), ofMinutes(1), ofMillis(200)));
        String head = "Content-Type: multipart/form-data; boundary=B\r\nContent-Length: 1000\r\n";
        assertThat(send("POST /api/v0/size", head, ""))
                .startsWith("HTTP/1.1 500")
                .contains("the client kept this command waiting");
    }

    @Test
    void rubbishAndOversize_areRefused_andTheServerGoesOn() throws Exception {
        server.close();
        start("{}", RpcLimits.DEFAULT.withHead(8192, 8192));
        assertThat(send("POST /api/v0/once?x=" + "y".repeat(20_000), "", "")).startsWith("HTTP/1.0 414");
        assertThat(send("POST /api/v0/once", "X: " + "y".repeat(20_000) + "\r\n", ""))
                .startsWith("HTTP/1.1 431");
        assertThat(send("\u0000\u0001rubbish", "", "")).doesNotStartWith("HTTP/1.1 200");
        assertThat(send("POST /api/v0/args?arg=%zz", "", "")).startsWith("HTTP/1.1 400");
        assertThat(send("POST /api/v0/size", "Content-Type: multipart/form-data\r\n", "x"))
                .startsWith("HTTP/1.1 400");
        assertThat(send("POST /api/v0/size", "Content-Type: multipart/form-data; boundary=B\r\n", "no parts at all"))
                .startsWith("HTTP/1.1 400")
                .contains("multipart: it ends early");
        assertThat(post("once")).startsWith("HTTP/1.1 200");
        assertThat(counters.values().get("malformed_requests")).isGreaterThanOrEqualTo(2);
    }
}

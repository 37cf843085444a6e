package io.kafila.daemon.internal.rpc;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.cli.RpcAddress;
import io.kafila.daemon.internal.cli.RpcClient;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.OptionValues;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.RequestLog;
import io.kafila.daemon.internal.command.Status;
import io.kafila.node.KafilaNode;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RpcServerTest {
    private final Vertx vertx = Vertx.vertx();
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final RpcCounters counters = new RpcCounters();
    private RpcServer server;
    private int port;

    private final Command root = Command.named("root", "")
            .options(Option.text("", "timeout"), Option.text("", "encoding", "enc"))
            .has(
                    Command.named("once", "One value.")
                            .options(Option.integer("", "count", "n"))
                            .does((request, emitter, environment) ->
                                    emitter.emitOnce(Json.object("Count", request.number("count", 0), "Text", "<&>")))
                            .prints((request, value, console) -> console.println("count " + value.path("Count")))
                            .build(),
                    Command.named("many", "Values, then a failure.")
                            .does((request, emitter, environment) -> {
                                emitter.emit(Json.value(1));
                                emitter.emit(Json.value(2));
                                throw new CommandException("broke\noff");
                            })
                            .build(),
                    Command.named("bytes", "A megabyte.")
                            .does((request, emitter, environment) -> {
                                emitter.length(1 << 20);
                                try (OutputStream out = emitter.bytes()) {
                                    out.write(new byte[1 << 20]);
                                }
                            })
                            .build(),
                    Command.named("buffers", "Byte buffers of a stated length after a few bytes.")
                            .options(Option.integer("", "length"))
                            .does((request, emitter, environment) -> {
                                try (OutputStream out = emitter.bytes()) {
                                    out.write(pattern(3));
                                    ByteBuffer rest = ByteBuffer.wrap(pattern((int) request.number("length", 0)));
                                    assertThat(((WritableByteChannel) out).write(rest.position(3)))
                                            .isEqualTo(rest.limit() - 3);
                                } finally {
                                    interrupted.countDown();
                                }
                            })
                            .build(),
                    Command.named("args", "Its arguments.")
                            .takes(Argument.text("word", "").many().orStdin())
                            .does((request, emitter, environment) ->
                                    emitter.emitOnce(Json.object("Args", request.allArguments())))
                            .build(),
                    Command.named("size", "The size of a file.")
                            .takes(Argument.file("file", ""))
                            .does((request, emitter, environment) -> {
                                try (InputStream in = Request.content(request.file())) {
                                    emitter.emitOnce(Json.value(in.transferTo(OutputStream.nullOutputStream())));
                                }
                            })
                            .build(),
                    Command.named("wait", "Until it is interrupted.")
                            .does((request, emitter, environment) -> {
                                waiting.countDown();
                                try {
                                    new CountDownLatch(1).await();
                                } finally {
                                    interrupted.countDown();
                                }
                            })
                            .build(),
                    Command.named("endless", "Bytes without end.")
                            .does((request, emitter, environment) -> {
                                waiting.countDown();
                                // A channel, since an interrupt closes those, in the thread that interrupts.
                                try (WritableByteChannel out = Channels.newChannel(emitter.bytes())) {
                                    while (true) {
                                        out.write(ByteBuffer.allocate(1000));
                                    }
                                } finally {
                                    interrupted.countDown();
                                }
                            })
                            .build(),
                    Command.named("bug", "A fault.")
                            .does((request, emitter, environment) -> {
                                throw new IllegalStateException();
                            })
                            .build(),
                    Command.named("later", "What Kubo has and this has not.")
                            .status(Status.ABSENT)
                            .build(),
                    Command.named("local", "Not for clients.")
                            .runs(Command.Place.LOCAL)
                            .does((request, emitter, environment) -> {})
                            .build())
            .build();

    private void start(String config, RpcLimits limits) throws Exception {
        server = new RpcServer(
                vertx,
                root,
                new NoEnvironment(),
                Config.parse(config),
                limits,
                counters,
                () -> "metric 1\n",
                Optional.empty());
        port = server.listen(new InetSocketAddress("127.0.0.1", 0))
                .get(10, TimeUnit.SECONDS)
                .getPort();
    }

    @BeforeEach
    void start() throws Exception {
        start("{}", RpcLimits.DEFAULT);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Sends a request line with headers, and reads to the end of the connection. */
    private String send(String line, String headers, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            socket.getOutputStream()
                    .write((line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + length + "\r\n" + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private String post(String path) throws IOException {
        return send("POST /api/v0/" + path, "", "");
    }

    @Test
    void post_oneValue_isJsonWithoutStreamHeaders() throws IOException {
        String answer = post("once?count=7");
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: application/json")
                .contains("{\"Count\":7,\"Text\":\"\\u003c\\u0026\\u003e\"}\n")
                .doesNotContainIgnoringCase("x-chunked-output: 1");
        assertThat(post("once?n=0x10&encoding=text")).contains("count 16\n").contains("text/plain");
    }

    @Test
    void post_stream_failureInTrailer() throws IOException {
        assertThat(post("many"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("x-chunked-output: 1")
                .containsIgnoringCase("trailer: X-Stream-Error")
                .contains("1\n", "2\n")
                .endsWith("0\r\nX-Stream-Error: broke off\r\n\r\n");
    }

    @Test
    void post_bytes_haveLengthAndStreamHeader() throws IOException {
        String answer = post("bytes");
        assertThat(answer).containsIgnoringCase("x-stream-output: 1").containsIgnoringCase("x-content-length: 1048576");
        assertThat(answer.length()).isGreaterThan(1 << 20);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 1000);
        }
        return bytes;
    }

    @Test
    void post_byteBuffers_areSentInOrder_andTheirCopiesLetGo() throws Exception {
        long before = copies();
        byte[] wanted = pattern(3_000_001);
        String answer = send("POST /api/v0/buffers?length=3000001", "", "");
        assertThat(unchunked(answer)).isEqualTo(wanted);
        awaitCopies(before);
    }

    @Test
    void post_byteBuffers_clientGoesAway_theirCopiesAreLetGo() throws Exception {
        long before = copies();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write("POST /api/v0/buffers?length=100000000 HTTP/1.1\r\nHost: x\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
        }
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        awaitCopies(before);
    }

    /** How many large pieces of pooled memory are in use in this process. */
    private static long copies() {
        return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveNormalAllocations)
                .sum();
    }

    private static void awaitCopies(long most) throws InterruptedException {
        for (int i = 0; i < 500 && copies() > most; i++) {
            Thread.sleep(20);
        }
        assertThat(copies()).isLessThanOrEqualTo(most);
    }

    /** The body of a chunked answer. */
    private static byte[] unchunked(String answer) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int at = answer.indexOf("\r\n\r\n") + 4;
        while (true) {
            int end = answer.indexOf("\r\n", at);
            int length = Integer.parseInt(answer.substring(at, end), 16);
            if (length == 0) {
                return body.toByteArray();
            }
            body.writeBytes(answer.substring(end + 2, end + 2 + length).getBytes(StandardCharsets.ISO_8859_1));
            at = end + 2 + length + 2;
        }
    }

    @Test
    void post_expectingContinue_isToldToGoOnBeforeItsBody() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("POST /api/v0/size HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
                                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 73\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            byte[] go = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
            assertThat(new String(go, StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream()
                    .write("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nx\r\n--b--\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void post_errors_haveKubosStatus() throws IOException {
        assertThat(send("GET /api/v0/once", "", ""))
                .startsWith("HTTP/1.1 405")
                .contains("405 - Method Not Allowed")
                .containsIgnoringCase("allow: OPTIONS, POST");
        assertThat(post("nothing")).startsWith("HTTP/1.1 404").contains("404 page not found");
        assertThat(post("local")).startsWith("HTTP/1.1 404").contains("404 page not found");
        assertThat(post("later/ls")).startsWith("HTTP/1.1 404").contains("not available in this program yet");
        assertThat(send("POST /api/v0", "", "")).startsWith("HTTP/1.1 404");
        assertThat(post("once?count=many"))
                .startsWith("HTTP/1.1 400")
                .contains("could not convert value \"many\" to type \"int\" (for option \"-count\")");
        assertThat(post("once?count=1&count=2")).startsWith("HTTP/1.1 400");
        assertThat(post("once?encoding=xml")).startsWith("HTTP/1.1 400").contains("invalid encoding: xml");
        assertThat(post("once?timeout=soon")).startsWith("HTTP/1.1 400");
        assertThat(post("size")).startsWith("HTTP/1.1 400").contains("file argument 'file' is required");
        assertThat(post("bug")).startsWith("HTTP/1.1 500").contains("\"Code\":2,\"Type\":\"error\"");
        assertThat(counters.values())
                .containsEntry("bad_methods", 1L)
                .containsEntry("unknown_commands", 4L)
                .containsEntry("bad_arguments", 5L)
                .containsEntry("failures", 1L);
    }

    @Test
    void post_arguments_fromQueryPathAndBody() throws IOException {
        assertThat(post("args?arg=a%20b&arg=c")).contains("{\"Args\":[\"a b\",\"c\"]}");
        assertThat(post("args/word")).contains("{\"Args\":[\"word\"]}");
        String body =
                "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"stdin\"\r\n\r\none\ntwo\n\r\n--B--\r\n";
        assertThat(send("POST /api/v0/args", "Content-Type: multipart/form-data; boundary=B\r\n", body))
                .contains("{\"Args\":[\"one\",\"two\"]}");
    }

    @Test
    void post_fromBrowsers_forbiddenUnlessAllowed() throws Exception {
        assertThat(send("POST /api/v0/once", "Origin: https://evil.example\r\n", ""))
                .startsWith("HTTP/1.1 403")
                .contains("403 - Forbidden");
        assertThat(send("POST /api/v0/once", "Origin: http://localhost:" + port + "\r\n", ""))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("access-control-allow-origin: http://localhost:" + port);
        assertThat(counters.values()).containsEntry("forbidden_origins", 1L);
        server.close();
        start(
                "{\"API\":{\"HTTPHeaders\":{\"Access-Control-Allow-Origin\":[\"https://app.example\"],\"X-Mine\":[\"1\"]}}}",
                RpcLimits.DEFAULT);
        assertThat(send("POST /api/v0/once", "Origin: https://app.example\r\n", ""))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("x-mine: 1");
        assertThat(send(
                        "OPTIONS /api/v0/once",
                        "Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n",
                        ""))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("access-control-allow-methods: POST");
    }

    @Test
    void post_withAuthorizations_needsOne() throws Exception {
        server.close();
        start(
                "{\"API\":{\"Authorizations\":{\"Ann\":{\"AuthSecret\":\"t\",\"AllowedPaths\":[\"/api/v0/once\"]}}}}",
                RpcLimits.DEFAULT);
        assertThat(post("once")).startsWith("HTTP/1.1 403").contains("Kubo RPC Access Denied");
        assertThat(send("POST /api/v0/once", "Authorization: Bearer t\r\n", "")).startsWith("HTTP/1.1 200");
        assertThat(send("POST /api/v0/bytes", "Authorization: Bearer t\r\n", ""))
                .startsWith("HTTP/1.1 403");
        assertThat(send("GET /debug/metrics/prometheus", "", "")).startsWith("HTTP/1.1 403");
    }

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
    void unixSocket_servesTheClient_andReplacesADeadOne(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("api.sock");
        RpcAddress address = RpcAddress.parse("/unix" + file);
        assertThat(address).isEqualTo(new RpcAddress.Unix(file));
        try (RpcClient nobody = new RpcClient(address, "")) {
            assertThat(nobody.connect()).isFalse();
        }
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file));
            assertThatThrownBy(() -> server.listen(file).get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("cannot listen on " + file + ": address already in use");
        }
        assertThat(file).exists();
        try (RpcClient nobody = new RpcClient(address, "")) {
            assertThat(nobody.connect()).isFalse();
        }
        server.listen(file).get(10, TimeUnit.SECONDS);
        List<String> seen = new ArrayList<>();
        call("bytes", seen, address);
        assertThat(seen).containsExactly("length 1048576", "1048576 bytes");
        server.close();
        assertThat(file).doesNotExist();
        Path other = Files.writeString(folder.resolve("other"), "precious");
        assertThatThrownBy(() -> server.listen(other).get(10, TimeUnit.SECONDS))
                .hasMessageContaining("it is there and is no socket");
        assertThat(other).hasContent("precious");
        assertThatThrownBy(() -> RpcAddress.parse("/unix")).isInstanceOf(CommandException.class);
    }

    @Test
    void argument_thatIsMissing_isRefusedInText() throws IOException {
        assertThat(post("args"))
                .startsWith("HTTP/1.1 400")
                .containsIgnoringCase("content-type: text/plain")
                .endsWith("argument \"word\" is required\n");
        assertThat(counters.values()).containsEntry("bad_arguments", 1L);
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

    @Test
    void metrics_byGetOnly() throws IOException {
        assertThat(send("GET /debug/metrics/prometheus", "", ""))
                .startsWith("HTTP/1.1 200")
                .contains("metric 1\n");
        assertThat(send("POST /debug/metrics/prometheus", "", "")).startsWith("HTTP/1.1 405");
    }

    @Test
    void client_takesValues_thenTheFailureOfTheTrailer() throws Exception {
        List<String> seen = new ArrayList<>();
        assertThatThrownBy(() -> call("many", seen))
                .isInstanceOf(CommandException.class)
                .hasMessage("broke off");
        assertThat(seen).containsExactly("1", "2");
        assertThatThrownBy(() -> call("bug", seen)).hasMessageContaining("internal error: IllegalStateException");
        assertThatThrownBy(() -> call("local", seen)).hasMessage("Command not found.");
        seen.clear();
        call("bytes", seen);
        assertThat(seen).containsExactly("length 1048576", "1048576 bytes");
    }

    private void call(String name, List<String> seen) throws IOException {
        call(name, seen, new RpcAddress.Tcp("127.0.0.1", port, false));
    }

    private void call(String name, List<String> seen, RpcAddress address) throws IOException {
        Command command = root.subcommand(name).orElseThrow();
        OptionValues options = OptionValues.of(Request.optionsOf(List.of(root, command)), Map.of());
        Request request = new Request(root, List.of(name), command, List.of(), options, null);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RpcClient client = new RpcClient(address, "")) {
            assertThat(client.connect()).isTrue();
            client.run(request, new Emitter() {
                @Override
                public void length(long length) {
                    seen.add("length " + length);
                }

                @Override
                public void contentType(String type) {}

                @Override
                public void emit(JsonNode value) {
                    seen.add(value.toString());
                }

                @Override
                public void emitOnce(JsonNode value) {
                    seen.add(value.toString());
                }

                @Override
                public OutputStream bytes() {
                    return bytes;
                }
            });
        }
        if (bytes.size() > 0) {
            seen.add(bytes.size() + " bytes");
        }
    }

    /** An environment of commands that need none. */
    private static final class NoEnvironment implements Environment {
        private final RequestLog requests = new RequestLog(Clock.systemUTC());

        @Override
        public Path repo() {
            throw new CommandException("no repo");
        }

        @Override
        public ConfigFile configFile() {
            throw new CommandException("no config");
        }

        @Override
        public Config config() {
            throw new CommandException("no config");
        }

        @Override
        public KafilaNode node() {
            throw new CommandException("no node");
        }

        @Override
        public boolean isDaemon() {
            return true;
        }

        @Override
        public void shutdown() {}

        @Override
        public RequestLog requests() {
            return requests;
        }

        @Override
        public Map<String, String> variables() {
            return Map.of();
        }
    }
}

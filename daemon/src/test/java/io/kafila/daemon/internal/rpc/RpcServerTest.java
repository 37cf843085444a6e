package io.kafila.daemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.cli.RpcAddress;
import io.kafila.daemon.internal.cli.RpcClient;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.OptionValues;
import io.kafila.daemon.internal.command.Request;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RpcServerTest extends RpcServerSetup {
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
}

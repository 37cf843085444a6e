package io.kafila.daemon.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.daemon.internal.gateway.GatewayCounters;
import io.kafila.daemon.internal.rpc.RpcCounters;
import io.kafila.daemon.internal.rpc.RpcLimits;
import io.kafila.daemon.internal.rpc.RpcServer;
import io.kafila.daemon.internal.verbs.Verbs;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.Varint;
import io.kafila.node.KafilaNode;
import io.kafila.node.Repo;
import io.kafila.node.config.ConfigFile;
import io.kafila.testkit.Fixtures;
import io.kafila.testkit.Seed;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon's RPC at the mercy of strangers. After each of them no command runs, no memory and no lease is held, something
 * was counted, and the next request is served.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class StrangerTest {
    private static final String BOUNDARY = "stranger";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long SLACK_BYTES = 4 * 1024 * 1024;

    private final RpcCounters counters = new RpcCounters();
    private Vertx vertx;
    private KafilaNode node;
    private Metrics metrics;
    private RpcServer server;
    private int port;
    private long heldBefore;

    @BeforeAll
    void start(@TempDir Path repo) throws Exception {
        Repo folder = Repo.initialise(
                repo, PrivateKey.generate(KeyType.ED25519, new SecureRandom()), List.of("test", "randomports"));
        vertx = Vertx.vertx();
        node = KafilaNode.start(folder.options());
        metrics = new Metrics(node, counters, new GatewayCounters());
        ConfigFile config = ConfigFile.in(repo);
        server = new RpcServer(
                vertx,
                Verbs.tree((request, emitter, none) -> {}),
                RepoEnvironment.daemon(repo, config, Map.of(), node, () -> {}),
                config.read(),
                RpcLimits.DEFAULT,
                counters,
                metrics::scrape,
                Optional.empty());
        port = server.listen(new InetSocketAddress("127.0.0.1", 0))
                .get(10, TimeUnit.SECONDS)
                .getPort();
        post("id", "", new byte[0]);
        heldBefore = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        metrics.close();
        node.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stillServes() throws Exception {
        eventually("no command runs", () -> count("running") == 0);
        eventually(
                "direct memory is given back",
                () -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() <= heldBefore + SLACK_BYTES);
        byte[] content = new Seed(1).bytes(100_000);
        String added = post("add", multipart("f", content)).text();
        assertThat(added).contains("\"Hash\"");
        String hash = added.replaceAll("(?s).*\"Hash\":\"([^\"]+)\".*", "$1");
        assertThat(post("cat?arg=" + hash).body()).isEqualTo(content);
        assertThat(post("pin/rm?arg=" + hash).status()).isEqualTo(200);
        // Whatever an attack left would be kept by its lease or its pin.
        Answer gc = post("repo/gc");
        assertThat(gc.status()).isEqualTo(200);
        assertThat(post("pin/ls").text()).doesNotContain(hash);
        assertThat(post("refs/local").text()).as("blocks left").doesNotContain("Ref\":\"b");
    }

    private long count(String name) {
        return counters.values().get(name);
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** An answer as it came, its body without the frames of chunks. */
    private record Answer(String head, byte[] body) {
        int status() {
            return head.isEmpty() ? 0 : Integer.parseInt(head.substring(9, 12));
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        return socket;
    }

    /** Sends bytes as they are and reads to the end of the connection. */
    private Answer exchange(byte[] request) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Socket socket = dial()) {
            try {
                socket.getOutputStream().write(request);
            } catch (SocketException closed) {
                // It has answered and closed before the end of the request: the answer may still be read.
                assertThat(closed).isNotNull();
            }
            try {
                socket.getInputStream().transferTo(all);
            } catch (SocketException reset) {
                assertThat(reset).isNotNull();
            }
        }
        String text = all.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(text, new byte[0]);
        }
        byte[] body = Arrays.copyOfRange(all.toByteArray(), end + 4, all.size());
        boolean chunked =
                text.substring(0, end).toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
        return new Answer(text.substring(0, end), chunked ? unchunked(body) : body);
    }

    private static byte[] unchunked(byte[] body) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int at = 0;
        while (at < body.length) {
            int line = at;
            while (line < body.length && body[line] != '\r') {
                line++;
            }
            int size = Integer.parseInt(new String(body, at, line - at, StandardCharsets.US_ASCII), 16);
            if (size == 0) {
                break;
            }
            content.write(body, line + 2, Math.min(size, body.length - line - 2));
            at = line + 2 + size + 2;
        }
        return content.toByteArray();
    }

    private static byte[] head(String path, String headers) {
        return ("POST /api/v0/" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private Answer post(String path, String headers, byte[] body) throws IOException {
        return exchange(concat(head(path, headers + "Content-Length: " + body.length + "\r\n"), body));
    }

    private Answer post(String path) throws IOException {
        return post(path, "", new byte[0]);
    }

    private Answer post(String path, byte[] multipart) throws IOException {
        return post(path, "Content-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\n", multipart);
    }

    private static byte[] multipart(String name, byte[] content) {
        return concat(part(name), content, ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] part(String name) {
        return ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void requestsThatAreNone_areRefusedAndCounted() throws Exception {
        long before = count("malformed_requests");
        assertThat(exchange(bytes("\0\1\2\3\r\n\r\n")).status()).isIn(0, 400);
        assertThat(exchange(concat(bytes("POST /"), new byte[600 * 1024])).status())
                .isIn(0, 400, 414);
        assertThat(exchange(bytes("POST /api/v0/id?arg=" + "a".repeat(600 * 1024) + " HTTP/1.1\r\n\r\n"))
                        .status())
                .isEqualTo(414);
        assertThat(exchange(head("id", "X: " + "a".repeat(70 * 1024) + "\r\n")).status())
                .isEqualTo(431);
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            many.append("X-").append(i).append(": y\r\n");
        }
        assertThat(exchange(head("id", many.toString())).status()).isEqualTo(431);
        assertThat(exchange(head("add", "Content-Length: banana\r\n")).status()).isEqualTo(400);
        assertThat(exchange(head("add", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"))
                        .status())
                .isIn(0, 400);
        assertThat(count("malformed_requests")).isGreaterThanOrEqualTo(before + 5);
    }

    @Test
    void methodsPathsAndOrigins_areRefusedAndCounted() throws Exception {
        long methods = count("bad_methods");
        long unknown = count("unknown_commands");
        long forbidden = count("forbidden_origins");
        for (String method : List.of("GET", "PUT", "DELETE", "HEAD", "PATCH", "TRACE", "BREW")) {
            assertThat(exchange(bytes(method + " /api/v0/id HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                            .status())
                    .as(method)
                    .isIn(405, 400, 501);
        }
        assertThat(post("nothing/like/this").status()).isEqualTo(404);
        assertThat(post("../../etc/passwd").status()).isEqualTo(404);
        assertThat(post("%2e%2e/%00").status()).isIn(400, 404);
        for (String header : List.of(
                "Origin: https://evil.example\r\n",
                "Origin: null\r\n",
                "Referer: https://evil.example/page\r\n",
                "User-Agent: Mozilla/5.0\r\n",
                "Origin: http://127.0.0.1.evil.example\r\n")) {
            assertThat(post("id", header, new byte[0]).status()).as(header).isEqualTo(403);
        }
        assertThat(count("bad_methods")).isGreaterThanOrEqualTo(methods + 5);
        assertThat(count("unknown_commands")).isGreaterThan(unknown);
        assertThat(count("forbidden_origins")).isEqualTo(forbidden + 5);
    }

    @Test
    void arguments_thatMakeNoSense_haveClearErrors() throws Exception {
        for (String path : List.of(
                "cat?arg=%00",
                "cat?arg=" + "Q".repeat(10_000),
                "cat?arg=/ipfs/../../etc/passwd",
                "cat",
                "cat?nothing=1",
                "cat?arg=a&offset=-1",
                "cat?arg=a&length=banana",
                "block/get?arg=b" + "a".repeat(5000),
                "pin/ls?type=banana",
                "id?timeout=9999999999999999999h",
                "id?encoding=banana",
                "id?%zz=1",
                "get?arg=/ipfs/" + "a/".repeat(1000),
                "config?arg=" + "a.".repeat(2000) + "a&arg=1",
                "config?arg=Swarm&arg={&json=true",
                "config?arg=X&json=true&arg=" + "%5B".repeat(5000),
                "swarm/connect?arg=/ip4/127.0.0.1/tcp/1",
                "multibase/encode?b=banana",
                "add?chunker=size-0",
                "add?chunker=size-99999999999")) {
            Answer answer = post(path);
            assertThat(answer.status()).as(path).isIn(400, 404, 500);
            assertThat(answer.text()).as(path).isNotBlank().doesNotContain("Exception");
        }
    }

    @Test
    void multipartBodies_cutAnywhere_endInAnError() throws Exception {
        byte[] whole = multipart("f", bytes("content of a file"));
        for (int cut = 0; cut < whole.length - 4; cut += 3) {
            Answer answer = post("add", Arrays.copyOf(whole, cut));
            boolean failed = answer.status() >= 400
                    || answer.head().contains("X-Stream-Error")
                    || !answer.text().contains("\"Hash\"");
            assertThat(failed)
                    .as("cut at %d: %s %s", cut, answer.head(), answer.text())
                    .isTrue();
        }
        for (String boundary : List.of("", "=", "=\"\"", "=" + "b".repeat(71), "=\"unclosed")) {
            Answer answer = post("add", "Content-Type: multipart/form-data; boundary" + boundary + "\r\n", whole);
            assertThat(answer.status()).as(boundary).isIn(400, 500);
        }
        byte[] longHeader = concat(bytes("--" + BOUNDARY + "\r\nX: "), new byte[200_000]);
        assertThat(post("add", longHeader).status()).isIn(400, 500);
        byte[] noColon = bytes("--" + BOUNDARY + "\r\nnothing\r\n\r\nx\r\n--" + BOUNDARY + "--\r\n");
        assertThat(post("add", noColon).status()).isIn(400, 500);
    }

    @Test
    void names_thatClimb_stayInside() throws Exception {
        for (String name :
                List.of("../../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "/etc/passwd", "a/../../b", "%00")) {
            String text = post("add?pin=false&wrap-with-directory=true", multipart(name, bytes("x")))
                    .text();
            assertThat(text).as(name).doesNotContain("../").doesNotContain("\"Name\":\"/");
        }
        byte[] deep = multipart("d/".repeat(5000) + "f", bytes("x"));
        assertThat(post("add", deep).status()).isIn(400, 500);
    }

    @Test
    void blocksAndNodes_thatAreTooLarge_areRefused() throws Exception {
        Answer block = post("block/put", multipart("f", new byte[3 * 1024 * 1024]));
        assertThat(block.status()).isIn(400, 500);
        assertThat(block.text()).contains("Message");
        Answer nested = post("dag/put", multipart("f", bytes("[".repeat(200_000))));
        assertThat(nested.status()).isEqualTo(500);
        Answer open = post("dag/put", multipart("f", bytes("{\"a\":")));
        assertThat(open.status()).isEqualTo(500);
        assertThat(open.text()).contains("Message");
        assertThat(post("dag/put?input-codec=dag-cbor", multipart("f", new byte[] {(byte) 0x9b, 127, 1, 1, 1, 1, 1, 1, 1
                        }))
                        .status())
                .isEqualTo(500);
        assertThat(post("config/replace", multipart("f", bytes("{".repeat(100_000))))
                        .status())
                .isEqualTo(500);
        assertThat(post("config/replace", multipart("f", new byte[20 * 1024 * 1024]))
                        .status())
                .isEqualTo(500);
    }

    @Test
    void archives_thatAreCorrupt_areRefusedWithAClearError() throws Exception {
        int refused = 0;
        for (Path file : Fixtures.files("go-car")) {
            if (file.toString().endsWith(".car")) {
                Answer answer = post("dag/import?pin-roots=false&stats=true", multipart("f", Files.readAllBytes(file)));
                assertThat(answer.status()).as(file.toString()).isIn(200, 500);
                assertThat(answer.text()).as(file.toString()).doesNotContain("Exception");
                refused += answer.status() == 500 || answer.head().contains("X-Stream-Error") ? 1 : 0;
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(4);
    }

    /** The parts of a hand-made CARv1. */
    private static byte[] carHeader(byte[] root) {
        return section(bytes("\u00a2\u0065roots\u0081\u00d8\u002a\u0058\u0025\0"), root, bytes("\u0067version\u0001"));
    }

    private static byte[] section(byte[]... parts) {
        byte[] body = concat(parts);
        return concat(Varint.encode(body.length), body);
    }

    private static byte[] cborCid(byte[] block) {
        return Cid.v1(Multicodec.DAG_CBOR, HashFunction.SHA2_256.digest(block)).bytes();
    }

    @Test
    void archives_thatAreBombs_areRefusedWithAClearError() throws Exception {
        byte[] header = carHeader(cborCid(new byte[0]));
        byte[] wideIdentity = concat(new byte[] {1, 0x55, 0}, Varint.encode(1 << 20), new byte[1 << 20]);
        byte[][] bombs = {
            concat(Varint.encode(Long.MAX_VALUE), new byte[100]),
            concat(Varint.encode(1L << 31), new byte[100]),
            concat(new byte[100_000]),
            concat(header, Varint.encode(1L << 40), new byte[100]),
            concat(header, Varint.encode(8 * 1024 * 1024 + 1), new byte[100]),
            concat(header, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}),
            concat(header, section(wideIdentity)),
            section(bytes("\u009b\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")), // a list of 2^63 roots
            section(bytes("\u0081".repeat(1_000_000))), // nested a million deep
        };
        for (int i = 0; i < bombs.length; i++) {
            Answer answer = post("dag/import", multipart("f", bombs[i]));
            assertThat(answer.status()).as("bomb %d: %s", i, answer.text()).isEqualTo(500);
            assertThat(answer.text()).as("bomb %d", i).contains("Message").doesNotContain("Exception");
        }
    }

    @Test
    void graphs_thatAreVeryDeep_areWalkedWithinTheStack() throws Exception {
        List<byte[]> sections = new ArrayList<>();
        byte[] block = bytes("\u0080");
        for (int depth = 0; depth < 20_000; depth++) {
            byte[] cid = cborCid(block);
            sections.add(section(cid, block));
            block = concat(bytes("\u0081\u00d8\u002a\u0058\u0025\0"), cid);
        }
        byte[] root = cborCid(block);
        sections.add(section(root, block));
        byte[] car = concat(carHeader(root), concat(sections.toArray(byte[][]::new)));
        assertThat(post("dag/import?stats=true", multipart("f", car)).text())
                .contains("\"PinErrorMsg\":\"\"")
                .contains("\"BlockCount\":20001");
        String cid = Cid.decode(root).toString();
        assertThat(post("refs?recursive=true&arg=" + cid).text().lines()).hasSize(20_000);
        assertThat(post("pin/rm?arg=" + cid).status()).isEqualTo(200);
    }

    @Test
    void directories_thatAreBombs_haveClearErrors() throws Exception {
        byte[][] shards = {
            // HAMT shards: a fanout of 2^40, one of none, one that is no power of two, a bitfield that is too long
            concat(new byte[] {8, 5, 0x12, 1, -1, 0x28, 0x22, 0x30}, Varint.encode(1L << 40)),
            {8, 5, 0x12, 1, -1, 0x28, 0x22, 0x30, 0},
            {8, 5, 0x12, 1, -1, 0x28, 0x22, 0x30, 7},
            concat(
                    new byte[] {8, 5, 0x12},
                    section(new byte[100_000]),
                    new byte[] {0x28, 0x22, 0x30},
                    Varint.encode(256)),
        };
        for (int i = 0; i < shards.length; i++) {
            byte[] node = concat(new byte[] {0x0a}, section(shards[i]));
            String key = post("block/put?cid-codec=dag-pb", multipart("f", node))
                    .text()
                    .replaceAll("(?s).*\"Key\":\"([^\"]+)\".*", "$1");
            for (String path : List.of("ls?arg=" + key, "get?arg=" + key, "cat?arg=" + key + "/x")) {
                Answer answer = post(path);
                assertThat(answer.text() + answer.head())
                        .as("shard %d, %s", i, path)
                        .doesNotContain("Exception")
                        .doesNotContain("internal error");
            }
        }
    }

    @Test
    void archives_cutAnywhere_importWholeBlocksOrNothing() throws Exception {
        Cid root = node.files()
                .add(new ByteArrayInputStream(new Seed(2).bytes(300)))
                .get(10, TimeUnit.SECONDS);
        byte[] car = post("dag/export?arg=" + root).body();
        node.pins().remove(root, true).get(10, TimeUnit.SECONDS);
        for (int cut = 0; cut < car.length; cut += 7) {
            Answer answer = post("dag/import", multipart("f", Arrays.copyOf(car, cut)));
            assertThat(answer.text()).as("cut at %d", cut).doesNotContain("\"PinErrorMsg\":\"\"");
        }
    }

    @Test
    void bodiesWithoutEnd_thatBreakOff_areCancelled() throws Exception {
        long before = count("disconnects");
        List<Socket> sockets = new ArrayList<>();
        for (String path : List.of("add", "dag/import", "block/put", "dag/put", "config/replace", "multibase/decode")) {
            Socket socket = dial();
            sockets.add(socket);
            socket.getOutputStream()
                    .write(head(
                            path,
                            "Content-Type: multipart/form-data; boundary=" + BOUNDARY
                                    + "\r\nTransfer-Encoding: chunked\r\n"));
            byte[] part = part("f");
            socket.getOutputStream()
                    .write(concat(bytes(Integer.toHexString(part.length) + "\r\n"), part, bytes("\r\n")));
            byte[] piece = new Seed(3).bytes(64 * 1024);
            for (int i = 0; i < 24 && path.equals("add"); i++) {
                socket.getOutputStream().write(concat(bytes("10000\r\n"), piece, bytes("\r\n")));
            }
        }
        eventually("they run", () -> count("running") >= 6);
        for (Socket socket : sockets) {
            socket.close();
        }
        eventually("they are cancelled", () -> count("running") == 0 && count("disconnects") >= before + 6);
    }

    @Test
    void readersThatDoNotRead_areHeldWithinTheBound_andLetGo() throws Exception {
        int size = 32 * 1024 * 1024;
        Cid file = node.files()
                .add(new ByteArrayInputStream(new Seed(4).bytes(size)))
                .get(20, TimeUnit.SECONDS);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            sockets.add(socket);
            String path = i % 2 == 0 ? "cat?arg=" + file : "dag/export?arg=" + file;
            socket.getOutputStream().write(head(path, "Content-Length: 0\r\n"));
        }
        eventually("they run", () -> count("running") >= 16);
        assertThat(post("id").status()).isEqualTo(200);
        assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - heldBefore)
                .isLessThan(128L * 1024 * 1024);
        for (Socket socket : sockets) {
            socket.close();
        }
        eventually("they are let go", () -> count("running") == 0);
        node.pins().remove(file, true).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aThousandAtOnce_areServedOrToldThatItIsTooMuch() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Socket socket = dial();
            sockets.add(socket);
            socket.getOutputStream().write(head("version", "Content-Length: 0\r\n"));
        }
        int served = 0;
        for (Socket socket : sockets) {
            try (socket) {
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).matches("(?s)HTTP/1.1 (200|503) .*");
                served += answer.startsWith("HTTP/1.1 200") ? 1 : 0;
            }
        }
        assertThat(served).isGreaterThan(100);
    }

    @Test
    void metrics_tellOfStrangers() throws Exception {
        post("nothing/like/this");
        String text = exchange(bytes("GET /debug/metrics/prometheus HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .text();
        assertThat(text)
                .contains("kafila_rpc_unknown_commands_total")
                .contains("kafila_rpc_malformed_requests_total")
                .contains("kafila_rpc_refused_connections_total")
                .contains("kafila_rpc_late_heads_total")
                .contains("kafila_rpc_idle_connections_total")
                .contains("kafila_rpc_slow_clients_total")
                .contains("kafila_swarm_refusals_total")
                .contains("kafila_swarm_events_total")
                .contains("kafila_bitswap_malformed_messages_total")
                .contains("kafila_bitswap_refused_streams_total")
                .contains("kafila_bitswap_stalled_streams_total")
                .contains("kafila_bitswap_dropped_wants_total")
                .contains("kafila_bitswap_unwanted_blocks_total")
                .contains("kafila_bitswap_closed_peers_total");
    }
}

package io.kafila.daemon.internal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.dag.ContentPath;
import io.kafila.delegated.DelegatedEndpoint;
import io.kafila.dht.Dht;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsPublication;
import io.kafila.naming.IpnsRecord;
import io.kafila.naming.IpnsRecordDraft;
import io.kafila.naming.ResolveOptions;
import io.kafila.node.KafilaNode;
import io.kafila.node.Names;
import io.kafila.node.NodeOptions;
import io.kafila.node.config.Config;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node in a DHT of two on loopback that tells others, over HTTP, what it can find. */
class RoutingApiTest {
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
    private static final IpnsName NAME = IpnsName.of(KEY.publicKey());
    private static final ContentPath VALUE =
            ContentPath.parse("/ipfs/bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4");
    private static final Cid CID = VALUE.cid();

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final GatewayCounters counters = new GatewayCounters();
    private KafilaNode node;
    private KafilaNode other;
    private GatewayServer server;
    private String base;

    @BeforeEach
    void start() throws Exception {
        node = dhtServer();
        other = dhtServer();
        other.swarm().connect(node.swarm().addresses()).get(10, TimeUnit.SECONDS);
        knows(node);
        knows(other);
        serve(GatewayLimits.DEFAULT);
    }

    /** Waits until a node has the other one in a table: it learns from identify what the other one speaks. */
    private static void knows(KafilaNode node) throws Exception {
        Dht dht = node.routing().dht().orElseThrow();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (dht.tables().get(10, TimeUnit.SECONDS).stream()
                .allMatch(table -> table.rows().isEmpty())) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private void serve(GatewayLimits limits) throws Exception {
        server = new GatewayServer(
                vertx,
                Config.parse("{\"Gateway\":{\"HTTPHeaders\":{\"X-Special\":[\"so special\"]}}}"),
                limits,
                counters,
                new RoutingApi(vertx, node, limits, counters));
        int port = server.listen(new InetSocketAddress("127.0.0.1", 0))
                .get(10, TimeUnit.SECONDS)
                .getPort();
        base = "http://127.0.0.1:" + port;
    }

    private static KafilaNode dhtServer() {
        NodeOptions options = NodeOptions.defaults(PrivateKey.generate(KeyType.ED25519, new SecureRandom()));
        return KafilaNode.start(
                options.withRouting(new NodeOptions.Routing(NodeOptions.Routing.Kind.DHT_SERVER, true, List.of())));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        other.close();
        node.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, String path, String... headers) throws Exception {
        request.uri(URI.create(base + path)).timeout(Duration.ofSeconds(40));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send(HttpRequest.newBuilder().GET(), path, headers);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private void provide() throws Exception {
        other.routing().provide(CID, event -> {}).get(20, TimeUnit.SECONDS);
    }

    @Test
    void providers_inOnePieceAndAsAStream() throws Exception {
        provide();
        HttpResponse<byte[]> piece = get("/routing/v1/providers/" + CID);
        assertThat(piece.statusCode()).isEqualTo(200);
        assertThat(text(piece))
                .startsWith("{\"Providers\":[{\"Addrs\":[\"/ip4/127.0.0.1/tcp/")
                .endsWith("\"ID\":\"" + other.peerId() + "\",\"Schema\":\"peer\"}]}");
        assertThat(header(piece, "Content-Type")).isEqualTo("application/json");
        assertThat(header(piece, "Cache-Control"))
                .isEqualTo("public, max-age=300, stale-while-revalidate=172800, stale-if-error=172800");
        assertThat(header(piece, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(piece, "X-Special")).isEqualTo("so special");

        HttpResponse<byte[]> stream =
                get("/routing/v1/providers/" + CID, "Accept", "application/x-ndjson, application/json");
        assertThat(header(stream, "Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(text(stream)).startsWith("{\"Addrs\":[").endsWith("\"Schema\":\"peer\"}\n");
    }

    @Test
    void providers_filtered() throws Exception {
        provide();
        assertThat(text(get("/routing/v1/providers/" + CID + "?filter-addrs=udp")))
                .isEqualTo("{\"Providers\":[]}");
        assertThat(text(get("/routing/v1/providers/" + CID + "?filter-addrs=tcp,!udp")))
                .contains(other.peerId().toString());
        assertThat(text(get("/routing/v1/providers/" + CID + "?filter-protocols=transport-bitswap")))
                .isEqualTo("{\"Providers\":[]}");
        assertThat(text(get("/routing/v1/providers/" + CID + "?filter-protocols=unknown,transport-bitswap")))
                .contains(other.peerId().toString());
    }

    @Test
    void providers_nobody_isAnEmptyAnswerThatIsBelievedBriefly() throws Exception {
        HttpResponse<byte[]> answer = get("/routing/v1/providers/bafkqaaa");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo("{\"Providers\":[]}");
        assertThat(header(answer, "Cache-Control")).startsWith("public, max-age=15,");
    }

    @Test
    void peers_andThoseClosestToAKey() throws Exception {
        String peers = text(get("/routing/v1/peers/" + other.peerId().toCid()));
        assertThat(peers).startsWith("{\"Peers\":[{\"Addrs\":[").contains("\"ID\":\"" + other.peerId() + "\"");
        assertThat(text(get("/routing/v1/peers/" + other.peerId()))).isEqualTo(peers);
        assertThat(text(get("/routing/v1/dht/closest/peers/" + CID)))
                .startsWith("{\"Peers\":[")
                .contains(other.peerId().toString());
    }

    @Test
    void badRequests_saySo() throws Exception {
        assertThat(get("/routing/v1/providers/x").statusCode()).isEqualTo(400);
        assertThat(text(get("/routing/v1/providers/x"))).startsWith("unable to parse CID: ");
        assertThat(text(get("/routing/v1/peers/x"))).startsWith("unable to parse PeerID \"x\": ");
        assertThat(text(get("/routing/v1/dht/closest/peers/x"))).startsWith("unable to parse key \"x\": ");
        assertThat(text(get("/routing/v1/ipns/x"))).startsWith("unable to parse CID: ");
        assertThat(text(get("/routing/v1/providers/" + CID, "Accept", "text/html")))
                .isEqualTo("no supported content types\n");
        assertThat(text(get("/routing/v1/providers/" + CID + "?filter-addrs=" + "a,".repeat(65))))
                .startsWith("filter-addrs: ");
        assertThat(get("/routing/v1/nothing").statusCode()).isEqualTo(400);
        assertThat(send(HttpRequest.newBuilder().PUT(BodyPublishers.ofString("{}")), "/routing/v1/providers")
                        .statusCode())
                .isEqualTo(501);
        assertThat(get("/ipfs/" + CID).statusCode()).isEqualTo(501);
        assertThat(get("/other").statusCode()).isEqualTo(404);
        assertThat(send(HttpRequest.newBuilder().method("OPTIONS", BodyPublishers.noBody()), "/routing/v1/ipns/x")
                        .statusCode())
                .isEqualTo(204);
        assertThat(counters.values().get("bad_requests")).isGreaterThanOrEqualTo(7);
    }

    private static byte[] record() {
        return IpnsRecord.create(KEY, IpnsRecordDraft.of(VALUE, 4, Instant.now().plus(Duration.ofHours(1))))
                .bytes();
    }

    private HttpResponse<byte[]> put(byte[] record, IpnsName name) throws Exception {
        return send(
                HttpRequest.newBuilder().PUT(BodyPublishers.ofByteArray(record)),
                "/routing/v1/ipns/" + name,
                "Content-Type",
                IpnsRecord.MEDIA_TYPE);
    }

    @Test
    void ipns_whatIsPutIsFound() throws Exception {
        HttpResponse<byte[]> absent = get("/routing/v1/ipns/" + NAME);
        assertThat(absent.statusCode()).isEqualTo(200);
        assertThat(header(absent, "Content-Type")).startsWith("text/plain");
        assertThat(text(absent)).isEqualTo("delegate error: routing: not found\n");

        byte[] record = record();
        assertThat(put(record, NAME).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> found = get("/routing/v1/ipns/" + NAME, "Accept", IpnsRecord.MEDIA_TYPE);
        assertThat(found.body()).isEqualTo(record);
        assertThat(header(found, "Content-Type")).isEqualTo(IpnsRecord.MEDIA_TYPE);
        assertThat(header(found, "Cache-Control")).startsWith("public, max-age=300, stale-while-revalidate=3");
        assertThat(header(found, "Etag")).matches("\"[0-9a-f]{16}\"");
        assertThat(header(found, "Content-Disposition")).isEqualTo("attachment; filename=\"" + NAME + ".ipns-record\"");
    }

    @Test
    void ipns_whatIsNoRecordOfTheName_isRefused() throws Exception {
        IpnsName foreign = IpnsName.of(node.options().identity().publicKey());
        assertThat(text(put(record(), foreign)))
                .isEqualTo("provided record is invalid: signature verification failed\n");
        assertThat(put(new byte[] {1}, NAME).statusCode()).isEqualTo(400);
        assertThat(text(put(new byte[IpnsRecord.MAX_BYTES + 1], NAME))).startsWith("provided record is too long");
        assertThat(counters.values().get("refused_records")).isEqualTo(3);
        assertThat(get("/routing/v1/ipns/" + NAME, "Accept", "text/html").statusCode())
                .isEqualTo(406);
        assertThat(send(HttpRequest.newBuilder().PUT(BodyPublishers.ofString("x")), "/routing/v1/ipns/" + NAME)
                        .statusCode())
                .isEqualTo(406);
    }

    /** The whole way: a node without a DHT that has nothing but this one's HTTP. */
    @Test
    void delegated_aNodeWithoutADht_findsAndPublishesThroughIt() throws Exception {
        provide();
        List<DelegatedEndpoint> endpoints = DelegatedEndpoint.of(List.of(base), List.of(base));
        NodeOptions options = NodeOptions.defaults(KEY)
                .withRouting(new NodeOptions.Routing(NodeOptions.Routing.Kind.DELEGATED, false, endpoints));
        try (KafilaNode far = KafilaNode.start(options)) {
            List<Provider> found = new ArrayList<>();
            far.routing().findProviders(CID, 5, found::add, event -> {}).get(20, TimeUnit.SECONDS);
            assertThat(found).extracting(Provider::peer).containsExactly(other.peerId());
            assertThat(far.routing().findPeer(other.peerId(), event -> {}).get(20, TimeUnit.SECONDS))
                    .isPresent();
            far.names()
                    .publish(KEY, IpnsPublication.of(VALUE), Names.Reach.DELEGATED)
                    .get(20, TimeUnit.SECONDS);
            assertThat(other.names()
                            .resolve(ContentPath.parse("/ipns/" + NAME), ResolveOptions.DEFAULT)
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(VALUE);
            other.names()
                    .publish(
                            other.options().identity(),
                            IpnsPublication.of(ContentPath.parse("/ipns/" + NAME)),
                            Names.Reach.NETWORK)
                    .get(20, TimeUnit.SECONDS);
            assertThat(far.names()
                            .resolve(ContentPath.parse("/ipns/" + other.peerId()), ResolveOptions.DEFAULT)
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(VALUE);
        }
    }

    @Test
    void clients_areBounded() throws Exception {
        server.close();
        serve(new GatewayLimits(
                GatewayLimits.DEFAULT.http().withCounts(1, 2, 2), 0, 0, Duration.ofSeconds(1), 20, 1000, 1024));
        HttpResponse<byte[]> answer = get("/routing/v1/providers/" + CID);
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(header(answer, "Retry-After")).isEqualTo("5");
        int port = URI.create(base).getPort();
        try (Socket first = new Socket("127.0.0.1", port);
                Socket second = new Socket("127.0.0.1", port);
                Socket third = new Socket("127.0.0.1", port)) {
            third.setSoTimeout(10_000);
            assertThat(new String(third.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 503 ");
        }
        assertThat(counters.values().get("refused_requests")).isEqualTo(1);
        assertThat(counters.values().get("refused_connections")).isPositive();
    }
}

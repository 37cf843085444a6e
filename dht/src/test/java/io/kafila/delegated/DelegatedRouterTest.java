package io.kafila.delegated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kafila.dag.ContentPath;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsRecord;
import io.kafila.naming.IpnsRecordDraft;
import io.kafila.testkit.FakeClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an HTTP server of this process, on loopback. */
class DelegatedRouterTest {
    private static final Cid CID = Cid.parse("bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4");
    private static final String PEER = "12D3KooWRBy97UB99e3J6hiPesre1MZeuNQvfan4gBziswrRJsNK";
    private static final String OTHER = "QmVujd5Vb7moysJj8itnGufN7MEtPRCNHkKpNuA4onsRa3";
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json; charset=utf-8";
    private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
    private static final IpnsName NAME = IpnsName.of(KEY.publicKey());

    private final FakeClock clock = new FakeClock(Instant.parse("2026-01-02T03:04:05Z"));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private Answer answer;

    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            try (exchange) {
                answer.to(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private DelegatedRouter router(DelegatedOptions options) {
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        DelegatedEndpoint endpoint =
                DelegatedEndpoint.of(List.of(base), List.of(base)).get(0);
        return new DelegatedRouter(endpoint, options, client, clock);
    }

    private DelegatedRouter router() {
        return router(DelegatedOptions.DEFAULT);
    }

    private static Answer of(int status, String type, String body) {
        return of(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer of(int status, String type, byte[] body) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        };
    }

    private static String record(String peer, String address) {
        return "{\"Schema\":\"peer\",\"ID\":\"" + peer + "\",\"Addrs\":[\"" + address + "\"],\"Protocols\":[]}";
    }

    private List<Provider> providers(DelegatedRouter router, int limit) {
        List<Provider> found = new ArrayList<>();
        router.findProviders(CID, limit, found::add).join();
        return found;
    }

    @Test
    void findProviders_streamOfLines() {
        answer = of(
                200,
                NDJSON,
                record(PEER, "/ip4/192.0.2.1/tcp/4001") + "\n" + "{\"Schema\":\"unknown\",\"x\":1}\nnonsense\n\n"
                        + record(OTHER, "/dns4/a.example/tcp/443"));
        List<Provider> found = providers(router(), 10);
        assertThat(found).extracting(provider -> provider.peer().toString()).containsExactly(PEER, OTHER);
        assertThat(found.get(0).addresses()).hasToString("[/ip4/192.0.2.1/tcp/4001]");
        assertThat(asked)
                .containsExactly("GET /routing/v1/providers/" + CID + "?filter-protocols=transport-bitswap,unknown");
    }

    @Test
    void findProviders_oneJsonAnswer() {
        answer = of(200, JSON, "{\"Providers\":[" + record(PEER, "/ip4/192.0.2.1/tcp/4001") + "],\"x\":[]}");
        assertThat(providers(router(), 10)).hasSize(1);
    }

    @Test
    void findProviders_routerThatKnowsNoFilter_isFilteredHere() {
        String http = "{\"Schema\":\"peer\",\"ID\":\"" + OTHER
                + "\",\"Addrs\":[],\"Protocols\":[\"transport-ipfs-gateway-http\"]}";
        answer = of(200, NDJSON, http + "\n" + record(PEER, "/ip4/192.0.2.1/tcp/4001"));
        assertThat(providers(router(), 10)).hasSize(1);
    }

    @Test
    void findProviders_limit_endsTheRequest() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        answer = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", NDJSON);
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write((record(PEER, "/ip4/192.0.2.1/tcp/1") + "\n" + record(OTHER, "/ip4/192.0.2.1/tcp/2") + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            release.await();
        };
        assertThat(providers(router(), 1)).as("without waiting for the end").hasSize(1);
        release.countDown();
    }

    @Test
    void findProviders_notFoundOrEmpty_isBelievedForAWhile() {
        answer = of(404, "text/plain", "");
        DelegatedRouter router = router();
        assertThat(providers(router, 10)).isEmpty();
        assertThat(providers(router, 10)).isEmpty();
        assertThat(asked).as("the second was not asked").hasSize(1);
        clock.advance(Duration.ofSeconds(15));
        answer = exchange -> {
            exchange.getResponseHeaders().set("Cache-Control", "public, max-age=60, stale-if-error=9");
            of(200, JSON, "{\"Providers\":null}").to(exchange);
        };
        assertThat(providers(router, 10)).isEmpty();
        clock.advance(Duration.ofSeconds(59));
        assertThat(providers(router, 10)).isEmpty();
        assertThat(asked).as("as long as the router says").hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        answer = of(200, NDJSON, record(PEER, "/ip4/192.0.2.1/tcp/1"));
        assertThat(providers(router, 10)).hasSize(1);
    }

    @Test
    void findProviders_tooMuch_isRefused() {
        DelegatedRouter router = router(DelegatedOptions.DEFAULT.withSizes(2000, 300, 3));
        answer = of(200, NDJSON, "x".repeat(301));
        assertThatThrownBy(() -> providers(router, 10)).hasMessageContaining("line of more than 300 bytes");
        answer = of(200, NDJSON, "\n".repeat(2001));
        assertThatThrownBy(() -> providers(router, 10)).hasMessageContaining("answer of more than 2000 bytes");
        answer = of(200, JSON, " ".repeat(2001));
        assertThatThrownBy(() -> providers(router, 10)).hasMessageContaining("answer of more than 2000 bytes");
        answer = of(200, NDJSON, (record(PEER, "/ip4/192.0.2.1/tcp/1") + "\n").repeat(10));
        assertThat(providers(router, 10)).hasSize(3);
        assertThat(router.failureCount()).isEqualTo(3);
        assertThat(router.requestCount()).isEqualTo(4);
    }

    @Test
    void findProviders_nonsense_isAnError() {
        answer = of(200, JSON, "{");
        assertThatThrownBy(() -> providers(router(), 10)).hasMessageContaining("answer is no JSON");
        answer = of(500, "text/plain", "delegate error: oh");
        assertThatThrownBy(() -> providers(router(), 10))
                .hasCauseInstanceOf(DelegatedException.class)
                .hasMessageContaining("status 500, want 200: delegate error: oh");
    }

    @Test
    void request_tooMany_leavesTheRouterAlone() {
        answer = exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            of(429, "text/plain", "slow down").to(exchange);
        };
        DelegatedRouter router = router();
        assertThatThrownBy(() -> providers(router, 10)).hasMessageContaining("status 429");
        assertThatThrownBy(() -> providers(router, 10)).hasMessageContaining("asked to be left alone");
        assertThat(asked).hasSize(1);
        clock.advance(Duration.ofSeconds(7));
        answer = of(404, "text/plain", "");
        assertThat(providers(router, 10)).isEmpty();
    }

    @Test
    void request_withoutAnAnswer_endsAtTheTimeout() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        answer = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", NDJSON);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('\n');
            exchange.getResponseBody().flush();
            release.await();
        };
        CompletableFuture<Void> asking = router(DelegatedOptions.DEFAULT.withTimeout(Duration.ofMillis(200)))
                .findProviders(CID, 1, provider -> {});
        assertThatThrownBy(() -> asking.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(DelegatedException.class);
        release.countDown();
    }

    @Test
    void findPeer_theOneThatWasAskedFor() {
        answer = of(
                200,
                JSON,
                "{\"Peers\":[" + record(OTHER, "/ip4/192.0.2.9/tcp/1") + ","
                        + record(PEER, "/ip4/192.0.2.1/tcp/1/p2p/" + PEER) + "]}");
        Optional<Provider> found = router().findPeer(PeerId.parse(PEER)).join();
        assertThat(found.orElseThrow().addresses()).hasToString("[/ip4/192.0.2.1/tcp/1]");
        assertThat(asked.get(0))
                .startsWith("GET /routing/v1/peers/" + PeerId.parse(PEER).toCid() + "?");
    }

    @Test
    void closestPeers_areToldInOrder() {
        answer = of(200, NDJSON, record(PEER, "/ip4/192.0.2.1/tcp/1") + "\n" + record(OTHER, "/ip4/192.0.2.1/tcp/1"));
        List<Provider> found = new ArrayList<>();
        router().closestPeers(CID, 20, found::add).join();
        assertThat(found).hasSize(2);
        assertThat(asked).containsExactly("GET /routing/v1/dht/closest/peers/" + CID);
    }

    private byte[] ipns(PrivateKey key) {
        return IpnsRecord.create(
                        key,
                        IpnsRecordDraft.of(
                                ContentPath.of(CID), 1, clock.instant().plus(Duration.ofHours(1))))
                .bytes();
    }

    @Test
    void searchValue_onlyAValidRecordOfTheName() {
        answer = of(200, IpnsRecord.MEDIA_TYPE, ipns(KEY));
        List<byte[]> better = new ArrayList<>();
        assertThat(router().searchValue(NAME.routingKey(), 16, better::add).join())
                .hasValueSatisfying(value -> assertThat(value).isEqualTo(ipns(KEY)));
        assertThat(better).hasSize(1);
        assertThat(asked).containsExactly("GET /routing/v1/ipns/" + NAME);
        answer = of(200, IpnsRecord.MEDIA_TYPE, ipns(PrivateKey.generate(KeyType.ED25519, new SecureRandom())));
        assertThatThrownBy(() -> router().getValue(NAME.routingKey(), 16).join())
                .hasMessageContaining("signature verification failed");
        answer = of(200, IpnsRecord.MEDIA_TYPE, new byte[IpnsRecord.MAX_BYTES + 1]);
        assertThatThrownBy(() -> router().getValue(NAME.routingKey(), 16).join())
                .hasMessageContaining("answer of more than 10240 bytes");
        answer = of(200, "text/plain; charset=utf-8", "delegate error: routing: not found");
        assertThat(router().getValue(NAME.routingKey(), 16).join()).isEmpty();
        assertThat(router().getValue("/pk/x".getBytes(StandardCharsets.UTF_8), 16)
                        .join())
                .isEmpty();
        assertThat(asked).hasSize(4);
    }

    @Test
    void putValue_sendsTheRecord() {
        List<byte[]> received = new ArrayList<>();
        answer = exchange -> {
            received.add(exchange.getRequestBody().readAllBytes());
            assertThat(exchange.getRequestHeaders().getFirst("Content-Type")).isEqualTo(IpnsRecord.MEDIA_TYPE);
            of(200, "text/plain", "").to(exchange);
        };
        assertThat(router().putValue(NAME.routingKey(), ipns(KEY)).join()).isEqualTo(1);
        assertThat(received).containsExactly(ipns(KEY));
        assertThat(asked).containsExactly("PUT /routing/v1/ipns/" + NAME);
        answer = of(400, "text/plain", "provided record is invalid");
        assertThatThrownBy(() -> router().putValue(NAME.routingKey(), ipns(KEY)).join())
                .hasMessageContaining("provided record is invalid");
    }
}

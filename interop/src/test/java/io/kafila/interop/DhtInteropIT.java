package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.multiformats.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five nodes of Kubo and five of Kafila form a private DHT on loopback, each told of one other alone: what one provides,
 * any other finds and fetches without being connected by hand.
 */
@TestInstance(Lifecycle.PER_CLASS)
class DhtInteropIT {
    private static final int OF_EACH_KIND = Integer.getInteger("kafila.interop.dht.nodes", 5);

    @TempDir
    static Path home;

    private final List<Daemon> kubos = new ArrayList<>();
    private final List<Daemon> kafilas = new ArrayList<>();
    private final List<Daemon> all = new ArrayList<>();

    @BeforeAll
    void form() throws InterruptedException {
        for (int i = 0; i < OF_EACH_KIND; i++) {
            start(kubos, Daemon.kubo(home.resolve("kubo" + i)));
            start(kafilas, Daemon.kafila(home.resolve("kafila" + i), "-Xmx128m", "-XX:TieredStopAtLevel=1"));
        }
        for (Daemon daemon : all) {
            await("routing table of " + daemon.name() + " " + daemon.repo(), () -> known(daemon) >= all.size() - 2);
        }
    }

    /** Kubo and Kafila in turns, each connected to the one before it: every link of the chain joins both kinds. */
    private void start(List<Daemon> kind, Daemon daemon) {
        daemon.configure(DhtInteropIT::privateDht).start();
        if (!all.isEmpty()) {
            daemon.connect(all.get(all.size() - 1));
        }
        kind.add(daemon);
        all.add(daemon);
    }

    private static ObjectNode privateDht(ObjectNode config) {
        config.withObject("/Routing").put("Type", "dht").put("LoopbackAddressesOnLanDHT", true);
        return config;
    }

    @AfterAll
    void stop() {
        all.forEach(Daemon::close);
    }

    /** How many servers of the local DHT a node knows. */
    private static int known(Daemon daemon) {
        int count = 0;
        for (var bucket : daemon.json("stats", "dht", "lan", "--enc=json").path("Buckets")) {
            count += bucket.path("Peers").size();
        }
        return count;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited 120 s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(500); // polls processes, which give no signal
        }
    }

    private static String id(Daemon daemon) {
        return daemon.exec("id", "-f=<id>").ok().line();
    }

    private String add(Daemon daemon, int seed) throws IOException {
        byte[] content = new byte[3 << 20];
        new Random(seed).nextBytes(content);
        Path file = home.resolve("content-" + seed);
        Files.write(file, content);
        return daemon.exec("add", "-Q", "--cid-version=1", "--raw-leaves", file.toString())
                .ok()
                .line();
    }

    private void provideFindFetch(Daemon from, Daemon to, int seed) throws IOException {
        String cid = add(from, seed);
        from.exec("routing", "provide", cid).ok();
        to.exec("swarm", "disconnect", "/p2p/" + id(from));
        assertThat(to.exec("routing", "findprovs", "-n", "1", "--timeout=30s", cid)
                        .ok()
                        .line())
                .isEqualTo(id(from));
        Path copy = home.resolve("copy-" + seed);
        to.exec("get", "--timeout=60s", "-o", copy.toString(), cid).ok();
        assertThat(copy).hasSameBinaryContentAs(home.resolve("content-" + seed));
    }

    @Test
    void kafilaProvides_kuboFetches() throws IOException {
        provideFindFetch(kafilas.get(0), kubos.get(OF_EACH_KIND - 1), 1);
        provideFindFetch(kafilas.get(OF_EACH_KIND - 1), kubos.get(0), 2);
    }

    @Test
    void kuboProvides_kafilaFetches() throws IOException {
        provideFindFetch(kubos.get(0), kafilas.get(OF_EACH_KIND - 1), 3);
        provideFindFetch(kubos.get(OF_EACH_KIND - 1), kafilas.get(0), 4);
    }

    @Test
    void sameKinds_fetchFromEachOther() throws IOException {
        provideFindFetch(kafilas.get(0), kafilas.get(OF_EACH_KIND - 1), 5);
        provideFindFetch(kubos.get(0), kubos.get(OF_EACH_KIND - 1), 6);
    }

    @Test
    void helia_findsAndFetchesFromBothKinds_andIsFoundByBoth() throws IOException {
        try (Helia helia = Helia.startWithDht(home.resolve("helia"), "noise")) {
            helia.connect(kafilas.get(1).address());
            Path content = Files.write(home.resolve("of-helia"), new byte[] {1, 2, 3, 4});
            String cid = helia.add(content, 1 << 20);
            helia.provide(cid);
            int seed = 20;
            for (Daemon daemon : List.of(kafilas.get(OF_EACH_KIND - 1), kubos.get(OF_EACH_KIND - 1))) {
                assertThat(daemon.exec("routing", "findprovs", "-n", "1", "--timeout=30s", cid)
                                .ok()
                                .line())
                        .isEqualTo(helia.id());
                Path copy = home.resolve("of-helia-" + daemon.name());
                daemon.exec("get", "--timeout=60s", "-o", copy.toString(), cid).ok();
                assertThat(copy).hasSameBinaryContentAs(content);

                String theirs = add(daemon, ++seed);
                daemon.exec("routing", "provide", theirs).ok();
                assertThat(PeerId.parse(helia.findProvider(theirs))).hasToString(id(daemon));
                helia.get(theirs, home.resolve("to-helia-" + seed));
                assertThat(home.resolve("to-helia-" + seed)).hasSameBinaryContentAs(home.resolve("content-" + seed));
            }
        }
    }

    @Test
    void names_publishedByEachKind_resolveOnTheOther() throws IOException {
        String byKafila = add(kafilas.get(0), 30);
        kafilas.get(0).exec("name", "publish", "/ipfs/" + byKafila).ok();
        String byKubo = add(kubos.get(0), 31);
        kubos.get(0).exec("name", "publish", "/ipfs/" + byKubo).ok();
        for (Daemon daemon : List.of(kafilas.get(OF_EACH_KIND - 1), kubos.get(OF_EACH_KIND - 1))) {
            assertThat(daemon.exec("name", "resolve", "--timeout=60s", "/ipns/" + id(kafilas.get(0)))
                            .ok()
                            .line())
                    .isEqualTo("/ipfs/" + byKafila);
            assertThat(daemon.exec("name", "resolve", "--timeout=60s", "/ipns/" + id(kubos.get(0)))
                            .ok()
                            .line())
                    .isEqualTo("/ipfs/" + byKubo);
        }
    }

    @Test
    void findPeer_bothKindsFindBothKinds() {
        for (Daemon from : List.of(kafilas.get(0), kubos.get(0))) {
            for (Daemon wanted : List.of(kafilas.get(OF_EACH_KIND - 1), kubos.get(OF_EACH_KIND - 1))) {
                String address = wanted.address();
                assertThat(from.exec("routing", "findpeer", "--timeout=30s", id(wanted))
                                .ok()
                                .text())
                        .contains(address.substring(0, address.indexOf("/p2p/")));
            }
        }
    }

    @Test
    void query_listsTheSameNearestPeers() {
        String target = id(kubos.get(0));
        List<String> byKafila =
                kafilas.get(1).exec("dht", "query", target).ok().text().lines().toList();
        assertThat(byKafila).hasSizeGreaterThanOrEqualTo(all.size() - 2).startsWith(target);
        List<String> byKubo =
                kubos.get(1).exec("dht", "query", target).ok().text().lines().toList();
        assertThat(byKubo).hasSizeGreaterThanOrEqualTo(all.size() - 2).contains(id(kafilas.get(0)));
    }
}

package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Daemons whose DHT loses its process or its bootstrap peers. */
class DhtDaemonIT {
    @TempDir
    Path home;

    private Daemon daemon(String name) {
        return Daemon.kafila(home.resolve(name), "-Xmx128m", "-XX:TieredStopAtLevel=1")
                .configure(DhtDaemonIT::localDht);
    }

    private static ObjectNode localDht(ObjectNode config) {
        config.withObject("/Routing").put("Type", "dht").put("LoopbackAddressesOnLanDHT", true);
        return config;
    }

    private static String id(Daemon daemon) {
        return daemon.exec("id", "-f=<id>").ok().line();
    }

    private static int known(Daemon daemon) {
        int count = 0;
        for (JsonNode bucket : daemon.json("stats", "dht", "lan", "--enc=json").path("Buckets")) {
            count += bucket.path("Peers").size();
        }
        return count;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited 90 s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(200); // polls a process, which gives no signal
        }
    }

    @Test
    void killedHolder_stillKnowsProvidersAndValues() throws IOException, InterruptedException {
        Path content = Files.writeString(home.resolve("content"), "what a caravan carries");
        String provider;
        String cid;
        try (Daemon holder = daemon("holder").start()) {
            try (Daemon teller = daemon("teller").start()) {
                teller.connect(holder);
                await("tables", () -> known(teller) == 1 && known(holder) == 1);
                provider = id(teller);
                cid = teller.exec("add", "-Q", content.toString()).ok().line();
                teller.exec("routing", "provide", cid).ok();
                teller.exec("name", "publish", "/ipfs/" + cid).ok();
                await(
                        "the provider arrives",
                        () -> holder.exec("routing", "findprovs", "-n", "1", cid)
                                .text()
                                .contains(provider));
            }
            TimeUnit.MILLISECONDS.sleep(500); // providers become durable within 200 ms of their arrival
            holder.kill();
            holder.start();
            try (Daemon asker = daemon("asker").start()) {
                asker.connect(holder);
                await("table", () -> known(asker) >= 1);
                assertThat(asker.exec("routing", "findprovs", "-n", "1", "--timeout=20s", cid)
                                .ok()
                                .line())
                        .isEqualTo(provider);
                assertThat(asker.exec("name", "resolve", "--timeout=20s", "/ipns/" + provider)
                                .ok()
                                .line())
                        .isEqualTo("/ipfs/" + cid);
            }
        }
    }

    @Test
    void deadBootstrapPeers_startsSaysSoOnceRecovers() throws IOException, InterruptedException {
        int port = Ports.free();
        Daemon late = daemon("late").configure(config -> {
            config.withObject("/Addresses").putArray("Swarm").add("/ip4/127.0.0.1/tcp/" + port);
            return config;
        });
        String peer = late.exec("config", "Identity.PeerID").ok().line();
        Daemon node = daemon("node").configure(config -> {
            config.putArray("Bootstrap").add("/ip4/127.0.0.1/tcp/" + port + "/p2p/" + peer);
            return config;
        });
        try (node;
                late) {
            node.start();
            await("the daemon says that nobody answers", () -> node.log().contains("bootstrap peers answers"));
            assertThat(known(node)).isZero();
            late.start();
            await("the peer is found when it comes", () -> known(node) == 1);
            assertThat(node.log().split("bootstrap peers answers", -1))
                    .as("said once")
                    .hasSize(2);
        }
    }
}

package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.SwarmKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is added is told to a private DHT of both kinds without being asked, and found by the other kind. */
class ProvideInteropIT {
    private static final SwarmKey KEY = SwarmKey.generate(new SecureRandom());

    @TempDir
    Path home;

    private static Daemon inCluster(Daemon daemon) throws IOException {
        Files.write(daemon.repo().resolve("swarm.key"), KEY.file());
        return daemon.configure(config -> {
            config.withObject("/Routing").put("Type", "dht").put("LoopbackAddressesOnLanDHT", true);
            config.withObject("/Swarm/Transports/Network").put("Websocket", false);
            return config;
        });
    }

    private static void awaitKeys(Daemon daemon, int count) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (daemon.json("provide", "stat", "--enc=json")
                        .at("/Sweep/operations/past/keys_provided")
                        .asInt()
                < count) {
            assertThat(System.nanoTime()).as(daemon.log()).isLessThan(end);
        }
    }

    @Test
    void added_isFoundByKubo_andFetched() throws Exception {
        try (Daemon kafila = inCluster(Daemon.kafila(home.resolve("kafila"))).start();
                Daemon second = inCluster(Daemon.kafila(home.resolve("second"))).start();
                Daemon kubo = inCluster(Daemon.kubo(home.resolve("kubo"))).start()) {
            kubo.connect(kafila);
            second.connect(kafila);
            Path file = Sample.safetensors(home.resolve("model"), 3 << 20, 9);
            String cid = kafila.exec("add", "-Q", "--cid-version=1", file.toString())
                    .ok()
                    .line();
            awaitKeys(kafila, 1);
            String id = kafila.exec("id", "-f=<id>").ok().line();
            assertThat(kubo.exec("routing", "findprovs", "--timeout=30s", cid)
                            .ok()
                            .lines())
                    .containsExactly(id);
            assertThat(second.exec("routing", "findprovs", "--timeout=30s", cid)
                            .ok()
                            .lines())
                    .containsExactly(id);

            // a root and its chunks, by hand
            assertThat(kafila.exec("provide", "once", "-r", cid).ok().line())
                    .isEqualTo("queued 4 CID(s) for immediate provide");
            awaitKeys(kafila, 5);
            assertThat(kafila.json("provide", "stat", "--enc=json")
                            .at("/Sweep/schedule/keys")
                            .asInt())
                    .isEqualTo(1);
            assertThat(kafila.exec("provide", "clear").ok().line()).isEqualTo("removed 0 items from provide queue");
        }
    }
}

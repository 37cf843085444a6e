package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafila and Kubo find each other by multicast DNS, in a network namespace of their own that leads nowhere. */
class MulticastInteropIT {
    private static final String ADDRESS = "10.231.7.1";

    private final String namespace = "kafila-mdns-" + ProcessHandle.current().pid();

    @TempDir
    Path home;

    @BeforeEach
    void makeNamespace() {
        assumeTrue(
                Command.of(List.of("sh", "-c", "command -v ip && ip netns add " + namespace))
                                .run()
                                .exit()
                        == 0,
                "no network namespaces here: they need ip and root");
        inside("ip", "link", "set", "lo", "up").ok();
        inside("ip", "link", "add", "lan0", "type", "bridge").ok();
        inside("ip", "addr", "add", ADDRESS + "/24", "dev", "lan0").ok();
        inside("ip", "link", "set", "lan0", "up", "multicast", "on").ok();
        inside("ip", "route", "add", "224.0.0.0/4", "dev", "lan0").ok();
    }

    @AfterEach
    void removeNamespace() {
        Command.of(List.of("ip", "netns", "del", namespace)).run();
    }

    private Command.Result inside(String... words) {
        return Command.of(List.of("ip", "netns", "exec", namespace)).and(words).run();
    }

    private Daemon onLan(Daemon daemon) {
        return daemon.in(namespace).configure(config -> {
            config.withObject("/Addresses").putArray("Swarm").add("/ip4/" + ADDRESS + "/tcp/0");
            config.withObject("/Discovery/MDNS").put("Enabled", true);
            return config;
        });
    }

    private static void awaitPeer(Daemon daemon, String id) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!daemon.exec("swarm", "peers").ok().text().contains(id)) {
            assertThat(System.nanoTime())
                    .as("%s has not met %s:%n%s", daemon.name(), id, daemon.log())
                    .isLessThan(deadline);
        }
    }

    @Test
    void kafilaAndKubo_meetWithoutAnAddress() {
        try (Daemon kubo = onLan(Daemon.kubo(home.resolve("kubo"))).start();
                Daemon kafila = onLan(Daemon.kafila(home.resolve("kafila"))).start()) {
            String id = kubo.json("id", "--enc=json").get("ID").asText();
            awaitPeer(kafila, id);
            Path file = Sample.safetensors(home.resolve("model"), 1 << 20, 3);
            String cid = kubo.exec("add", "-Q", "--cid-version=1", file.toString())
                    .ok()
                    .line();
            kafila.exec("get", "-o", home.resolve("back").toString(), cid).ok();
            assertThat(Sample.sha256(home.resolve("back"))).isEqualTo(Sample.sha256(file));
        }
    }

    @Test
    void kubo_findsKafila_thatWasThereBefore() {
        try (Daemon kafila = onLan(Daemon.kafila(home.resolve("kafila"))).start();
                Daemon kubo = onLan(Daemon.kubo(home.resolve("kubo"))).start()) {
            awaitPeer(kubo, kafila.json("id", "--enc=json").get("ID").asText());
        }
    }

    @Test
    void twoKafilas_meet() {
        try (Daemon first = onLan(Daemon.kafila(home.resolve("first"))).start();
                Daemon second = onLan(Daemon.kafila(home.resolve("second"))).start()) {
            awaitPeer(second, first.json("id", "--enc=json").get("ID").asText());
        }
    }
}

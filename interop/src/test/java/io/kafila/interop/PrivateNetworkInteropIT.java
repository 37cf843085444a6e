package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.SwarmKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One private network of Kafila and Kubo by one {@code swarm.key}, and nobody else in it. */
class PrivateNetworkInteropIT {
    private static final String LIMITED = "Swarm is limited to private network of peers with the swarm key\n";

    private static final SwarmKey KEY = SwarmKey.generate(new SecureRandom());

    @TempDir
    Path home;

    private Daemon kafila() {
        return Daemon.kafila(home.resolve("kafila"));
    }

    /** Kubo mixes TCP and WebSocket on one port by default, which it says a private network cannot have. */
    private Daemon kubo() {
        return Daemon.kubo(home.resolve("kubo")).configure(config -> {
            config.withObject("/Swarm/Transports/Network").put("Websocket", false);
            return config;
        });
    }

    private static Daemon withKey(Daemon daemon, byte[] file) {
        try {
            Files.write(daemon.repo().resolve("swarm.key"), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return daemon;
    }

    private static String fingerprintLine(Daemon daemon) {
        return daemon.log()
                .lines()
                .filter(line -> line.startsWith("Swarm key fingerprint: "))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"tls,true", "tls,false", "noise,true", "noise,false"})
    void sameKey_transfersBothWays(String security, boolean kafilaDials) {
        Path model = Sample.safetensors(home.resolve("model"), 20L << 20, 7);
        byte[] base64 = ("/key/swarm/psk/1.0.0/\n/base64/\n"
                        + Base64.getEncoder().encodeToString(KEY.bytes()))
                .getBytes(StandardCharsets.US_ASCII);
        try (Daemon kafila = withKey(kafila(), base64).onlySecurity(security).start();
                Daemon kubo = withKey(kubo(), KEY.file()).onlySecurity(security).start()) {
            assertThat(kafila.log()).contains(LIMITED).contains("Network: private, of peers with the same swarm key");
            assertThat(kubo.log()).contains(LIMITED);
            assertThat(fingerprintLine(kafila)).isEqualTo(fingerprintLine(kubo));
            if (kafilaDials) {
                kafila.connect(kubo);
            } else {
                kubo.connect(kafila);
            }
            for (Daemon from : new Daemon[] {kafila, kubo}) {
                Daemon to = from == kafila ? kubo : kafila;
                Path back = home.resolve("from-" + from.name());
                String cid = from.exec(
                                "add", "-Q", "--chunker=size-" + (from == kafila ? 262144 : 1048576), model.toString())
                        .ok()
                        .line();
                to.exec("get", "-o", back.toString(), cid).ok();
                assertThat(Sample.sha256(back)).isEqualTo(Sample.sha256(model));
            }
        }
    }

    @Test
    void otherKeyAndNoKey_areRefused() {
        try (Daemon kafila = withKey(kafila(), KEY.file()).start();
                Daemon other = withKey(
                                kubo(), SwarmKey.generate(new SecureRandom()).file())
                        .start();
                Daemon outside = Daemon.kubo(home.resolve("outside")).start()) {
            assertThat(other.exec("swarm", "connect", kafila.address()).exit()).isEqualTo(1);
            assertThat(outside.exec("swarm", "connect", kafila.address()).exit())
                    .isEqualTo(1);
            Command.Result refused = kafila.exec("swarm", "connect", other.address());
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("swarm key");
            assertThat(kafila.exec("swarm", "connect", outside.address()).exit())
                    .isEqualTo(1);
            assertThat(kafila.exec("swarm", "peers").ok().text()).isEmpty();
        }
    }

    @Test
    void malformedKey_isAClearError_andForcedWithoutAKeyNothingStarts() {
        Daemon kafila =
                withKey(kafila(), "/key/swarm/psk/1.0.0/\n/base16/\nc0ffee\n".getBytes(StandardCharsets.US_ASCII));
        Command.Result failed = kafila.exec("daemon");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err())
                .contains("failed to configure private network: ")
                .contains("swarm.key: swarm key: key of 3 bytes, want 32");
        Path file = Sample.safetensors(home.resolve("small"), 1000, 8);
        kafila.exec("add", "-Q", file.toString()).ok();

        Daemon forced = Daemon.kafila(home.resolve("forced"));
        Command.Result refused =
                forced.command("daemon").env("LIBP2P_FORCE_PNET", "1").run();
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("private network was not configured but is enforced by the environment");
    }

    @Test
    void staticPeers_findEachOtherAgain() throws Exception {
        try (Daemon kubo = withKey(kubo(), KEY.file()).start()) {
            String id = kubo.json("id", "--enc=json").get("ID").asText();
            String address = kubo.address().replaceFirst("/p2p/.*", "");
            Daemon kafila = withKey(kafila(), KEY.file()).configure(config -> {
                config.withObject("/Peering")
                        .putArray("Peers")
                        .addObject()
                        .put("ID", id)
                        .putArray("Addrs")
                        .add(address);
                return config;
            });
            try (Daemon started = kafila.start()) {
                assertThat(started.exec("swarm", "peering", "ls").ok().text()).isEqualTo(id + "\n\t" + address + "\n");
                long deadline = System.nanoTime() + 10_000_000_000L;
                while (!started.exec("swarm", "peers").ok().text().contains(id) && System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                }
                assertThat(started.exec("swarm", "peers").ok().text()).contains(id);
            }
        }
    }
}

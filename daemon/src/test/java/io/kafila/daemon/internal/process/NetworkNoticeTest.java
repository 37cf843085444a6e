package io.kafila.daemon.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.SwarmKey;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.node.NodeOptions;
import io.kafila.node.Repo;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkNoticeTest {
    private static final String PEER = "12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8";

    @TempDir
    Path home;

    private NodeOptions.Network network(String... profiles) {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        return Repo.initialise(home.resolve("repo"), key, List.of(profiles))
                .options()
                .network();
    }

    @Test
    void newRepo_isOfThePublicNetwork() {
        assertThat(NetworkNotice.lines(network()))
                .containsExactly("Network: the public IPFS network; peers through 5 bootstrap peers, mDNS");
    }

    @Test
    void testProfile_meetsNobodyByItself() {
        assertThat(NetworkNotice.lines(network("test")))
                .containsExactly("Network: no public one; no bootstrap peers, no static peers, no mDNS:"
                        + " it meets whoever connects");
    }

    @Test
    void swarmKey_isNamedByItsFingerprint_andAutoStandsForNothing() throws Exception {
        SwarmKey key = SwarmKey.generate(new SecureRandom());
        Files.createDirectories(home.resolve("repo"));
        Files.write(home.resolve("repo/swarm.key"), key.file());
        assertThat(NetworkNotice.lines(network()))
                .containsExactly(
                        "Swarm is limited to private network of peers with the swarm key",
                        "Swarm key fingerprint: " + key.fingerprint(),
                        "Network: private, of peers with the same swarm key; peers through mDNS");
    }

    @Test
    void privateProfile_withPeersOfItsOwn() {
        network("private");
        ConfigFile file = ConfigFile.in(home.resolve("repo"));
        file.write(file.read()
                .with("Bootstrap", List.of("/ip4/10.0.0.1/tcp/4001/p2p/" + PEER))
                .with("Peering.Peers", Config.parseValue("[{\"ID\": \"" + PEER + "\", \"Addrs\": []}]")));
        assertThat(NetworkNotice.lines(Repo.read(home.resolve("repo")).options().network()))
                .containsExactly("Network: no public one; peers through 1 bootstrap peer, 1 static peer, mDNS");
    }
}

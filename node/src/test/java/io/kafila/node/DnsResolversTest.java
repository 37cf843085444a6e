package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kafila.dag.ContentPath;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.ResolveOptions;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigException;
import io.kafila.node.config.ConfigFile;
import io.kafila.node.config.DnsResolvers;
import io.kafila.testkit.DohServer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code DNS.Resolvers}: what it stands for, and that names are asked where it says. */
class DnsResolversTest {
    private static final String ETH = "https://dns.eth.limo/dns-query";

    private static Config with(Map<String, String> resolvers) {
        var map = JsonNodeFactory.instance.objectNode();
        resolvers.forEach(map::put);
        return Config.initial("", "").with("DNS.Resolvers", map);
    }

    @Test
    void auto_isWhatThePublicNetworkUses_whatIsWrittenGoesBefore() {
        assertThat(DnsResolvers.of(with(Map.of(".", "auto")), false)).isEqualTo(Map.of("eth.", ETH));
        assertThat(DnsResolvers.of(with(Map.of("eth.", "auto", ".", "https://a.example/q")), false))
                .isEqualTo(Map.of("eth.", ETH, ".", "https://a.example/q"));
        assertThat(DnsResolvers.of(with(Map.of(".", "auto", "eth.", "")), false))
                .isEqualTo(Map.of("eth.", ""));
        assertThat(DnsResolvers.of(with(Map.of()), false)).isEmpty();
    }

    @Test
    void auto_inAPrivateNetworkOrSwitchedOff_isNothing() {
        Config auto = with(Map.of(".", "auto", "x.", "https://a.example/q"));
        assertThat(DnsResolvers.of(auto, true)).isEqualTo(Map.of("x.", "https://a.example/q"));
        assertThat(DnsResolvers.of(auto.with("AutoConf.Enabled", JsonNodeFactory.instance.booleanNode(false)), false))
                .isEqualTo(Map.of("x.", "https://a.example/q"));
    }

    private static Repo repo(Path folder, Map<String, String> resolvers) {
        Repo repo = Repo.initialise(folder, PrivateKey.generate(KeyType.ED25519, new SecureRandom()), List.of("test"));
        ConfigFile.in(folder)
                .write(repo.config().with("DNS.Resolvers", with(resolvers).require("DNS.Resolvers")));
        return Repo.read(folder);
    }

    @Test
    void dnsLink_isAskedOfTheResolverOfItsDomain(@TempDir Path home) {
        try (DohServer server = new DohServer()) {
            server.texts("_dnslink.model.eth", "dnslink=/ipns/weights.eth")
                    .texts("_dnslink.weights.eth", "dnslink=/ipfs/bafkqaaa");
            repo(home.resolve("repo"), Map.of("eth.", server.url()));
            try (KafilaNode node =
                    KafilaNode.builder().repo(home.resolve("repo")).offline().start()) {
                assertThat(node.names()
                                .resolve(ContentPath.parse("/ipns/model.eth"), ResolveOptions.DEFAULT)
                                .join())
                        .hasToString("/ipfs/bafkqaaa");
            }
            assertThat(server.asked()).containsExactly("_dnslink.model.eth", "_dnslink.weights.eth");
        }
    }

    @Test
    void unusable_stopsTheNodeWithItsReason(@TempDir Path home) {
        Repo repo = repo(home.resolve("repo"), Map.of("eth", "https://a.example/q"));
        assertThatThrownBy(repo::options)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("DNS.Resolvers")
                .hasMessageContaining("invalid domain \"eth\"");
    }
}

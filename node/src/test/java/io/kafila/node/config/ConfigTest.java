package io.kafila.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    private final Config config = Config.initial("peer", "a2V5");

    @Test
    void initial_hasIdentityAndPorts() {
        assertThat(config.peerId()).isEqualTo("peer");
        assertThat(config.privateKeyBase64()).isEqualTo("a2V5");
        assertThat(config.texts("Addresses.API")).containsExactly("/ip4/127.0.0.1/tcp/5001");
        assertThat(config.texts("Addresses.Swarm")).containsExactly("/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001");
        assertThat(config.bytes("Datastore.StorageMax", 0)).isEqualTo(10_000_000_000L);
        assertThat(config.with("Datastore.StorageMax", Config.parseValue("\"\""))
                        .bytes("Datastore.StorageMax", 7))
                .isEqualTo(7);
        assertThat(config.duration("Datastore.GCPeriod", Duration.ZERO)).isEqualTo(Duration.ofHours(1));
        assertThat(config.integer("Import.CidVersion")).isEmpty();
    }

    @Test
    void parse_unknownKeys_areKept() {
        Config parsed = Config.parse("{\"Addresses\":{\"Future\":[1]},\"Other\":{\"A\":null}}");
        assertThat(parsed.with("Addresses.API", JsonNodeFactory.instance.textNode("x"))
                        .toJson())
                .isEqualTo("{\n  \"Addresses\": {\n    \"API\": \"x\",\n    \"Future\": [\n      1\n    ]\n  },\n"
                        + "  \"Other\": {\n    \"A\": null\n  }\n}");
    }

    @Test
    void parse_wrongType_namesKey() {
        assertThatThrownBy(() -> Config.parse("{\"Addresses\":{\"Swarm\":\"x\"}}"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("failure to decode config: Addresses.Swarm: \"x\", want a list of strings");
        assertThatThrownBy(() -> Config.parse("{\"Swarm\":{\"ConnMgr\":{\"HighWater\":\"many\"}}}"))
                .hasMessageContaining("Swarm.ConnMgr.HighWater: \"many\", want an integer");
        assertThatThrownBy(() -> Config.parse("{\"Datastore\":{\"StorageMax\":100000}}"))
                .hasMessageContaining("Datastore.StorageMax: 100000, want a string with a size, such as \"10GB\"");
        assertThatThrownBy(() -> Config.parse("{} {}")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Config.parse("[]")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Config.parse("[".repeat(100_000))).isInstanceOf(ConfigException.class);
    }

    @Test
    void with_unknownKey_refused() {
        assertThatThrownBy(() -> config.with("Addresses.Foo", List.of())).hasMessage("Addresses.Foo not found");
        assertThatThrownBy(() -> config.with("Bootstrap.Foo", List.of())).hasMessage("Bootstrap key is not a map");
        assertThat(config.with("Kafila.Anything.At", List.of("all")).texts("Kafila.Anything.At"))
                .containsExactly("all");
        assertThat(config.with("API.HTTPHeaders.Access-Control-Allow-Origin", List.of("*"))
                        .names("API.HTTPHeaders"))
                .containsExactly("Access-Control-Allow-Origin");
    }

    @Test
    void require_missing_saysWhere() {
        assertThatThrownBy(() -> config.require("Foo.Bar")).hasMessage("Foo not found");
        assertThatThrownBy(() -> config.require("Addresses.API.x")).hasMessage("Addresses.API key is not a map");
    }

    @Test
    void scrubbed_hasNoSecrets() {
        Config secret = config.with(
                        "API.Authorizations",
                        Config.parseValue("{\"a\":{\"AuthSecret\":\"s\",\"AllowedPaths\":[\"/\"]}}"))
                .with(
                        "Pinning.RemoteServices",
                        Config.parseValue("{\"p\":{\"API\":{\"Endpoint\":\"e\",\"Key\":\"k\"}}}"));
        assertThat(secret.toString())
                .doesNotContain("a2V5")
                .doesNotContain("AuthSecret")
                .doesNotContain("\"k\"");
        assertThat(secret.toString()).contains("\"Endpoint\": \"e\"");
    }

    @Test
    void toJson_looksLikeKubo() {
        assertThat(Config.parse("{\"Identity\":{\"PeerID\":\"<&>\"},\"API\":{},\"Bootstrap\":[]}")
                        .toJson())
                .isEqualTo("{\n  \"API\": {},\n  \"Bootstrap\": [],\n  \"Identity\": {\n"
                        + "    \"PeerID\": \"\\u003c\\u0026\\u003e\"\n  }\n}");
    }

    @Test
    void file_roundTrip_ownerOnly(@TempDir Path folder) throws Exception {
        ConfigFile file = ConfigFile.in(folder.resolve("repo"));
        file.write(config);
        assertThat(file.read()).isEqualTo(config);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        Path copy = file.backup("pre-test-");
        assertThat(copy.getFileName().toString()).startsWith("config-pre-test-");
        assertThat(Files.readString(copy)).isEqualTo(config.toJson());
        assertThatThrownBy(() -> ConfigFile.in(folder.resolve("none")).read()).hasMessageContaining("no config file");
    }

    @Test
    void profiles_all_apply() {
        for (Profiles.Profile profile : Profiles.list()) {
            assertThat(Profiles.apply(profile.name(), config)).isNotNull();
            assertThat(profile.description()).isNotBlank();
        }
        assertThatThrownBy(() -> Profiles.apply("nonesuch", config))
                .hasMessage("invalid configuration profile: nonesuch");
    }

    @Test
    void profiles_testAndServer_undo() {
        Config test = Profiles.apply("test", config);
        assertThat(test.texts("Addresses.Swarm")).containsExactly("/ip4/127.0.0.1/tcp/0");
        assertThat(test.texts("Bootstrap")).isEmpty();
        assertThat(Profiles.apply("default-networking", test).texts("Addresses.Swarm"))
                .isEqualTo(config.texts("Addresses.Swarm"));
        assertThat(Profiles.apply("test", Profiles.apply("default-networking", test)))
                .isEqualTo(test);
        Config server = Profiles.apply("server", Profiles.apply("server", config));
        assertThat(server.texts("Swarm.AddrFilters")).hasSize(19).doesNotHaveDuplicates();
        assertThat(Profiles.apply("local-discovery", server).texts("Swarm.AddrFilters"))
                .isEmpty();
    }

    @Test
    void bootstrap_autoStandsForThePublicNames_onlyWhereThereIsAPublicDht() {
        Config fresh = Config.initial("", "");
        BootstrapPeers peers = BootstrapPeers.of(fresh, false);
        assertThat(peers.isPublic()).isTrue();
        assertThat(peers.addresses()).hasSize(5).allMatch(address -> address.startsWith("/dnsaddr/"));
        assertThat(BootstrapPeers.of(fresh, true)).isEqualTo(new BootstrapPeers(List.of(), false));
        Config off = fresh.with("AutoConf.Enabled", Config.parseValue("false"));
        assertThat(BootstrapPeers.of(off, false).addresses()).isEmpty();
        Config alone = fresh.with("Routing.Type", Config.parseValue("\"none\""));
        assertThat(BootstrapPeers.of(alone, false).addresses()).isEmpty();

        String own = "/ip4/192.0.2.7/tcp/4001/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8";
        Config mixed = fresh.with("Bootstrap", List.of(own, "auto", "auto"));
        assertThat(BootstrapPeers.of(mixed, false).addresses()).hasSize(6).startsWith(own);
        assertThat(BootstrapPeers.of(mixed, true)).isEqualTo(new BootstrapPeers(List.of(own), false));
    }

    @Test
    void profiles_testAndPrivate_haveNobodyToDial() {
        for (String name : List.of("test", "private")) {
            Config config = Profiles.apply(name, Config.initial("", ""));
            assertThat(BootstrapPeers.of(config, false).addresses()).as(name).isEmpty();
            assertThat(config.flag("AutoConf.Enabled", true)).as(name).isFalse();
            assertThat(config.flag("Discovery.MDNS.Enabled", true)).as(name).isEqualTo(name.equals("private"));
        }
    }

    @Test
    void units_likeGo() {
        assertThat(Units.duration("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Units.duration("1.5s")).isEqualTo(Duration.ofMillis(1500));
        assertThat(Units.duration("-2ms")).isEqualTo(Duration.ofMillis(-2));
        assertThat(Units.text(Duration.ofMinutes(90))).isEqualTo("1h30m0s");
        assertThat(Units.text(Duration.ofMillis(1500))).isEqualTo("1.5s");
        assertThat(Units.text(Duration.ofSeconds(60))).isEqualTo("1m0s");
        assertThat(Units.text(Duration.ofSeconds(30))).isEqualTo("30s");
        assertThat(Units.text(Duration.ofNanos(1_200_000))).isEqualTo("1.2ms");
        assertThatThrownBy(() -> Units.duration("5")).hasMessage("time: missing unit in duration \"5\"");
        assertThatThrownBy(() -> Units.duration("5x")).hasMessage("time: unknown unit \"x\" in duration \"5x\"");
        assertThatThrownBy(() -> Units.duration("")).hasMessage("time: invalid duration \"\"");
        assertThatThrownBy(() -> Units.duration("1.2.3s")).hasMessage("time: invalid duration \"1.2.3s\"");
        assertThatThrownBy(() -> Units.duration("9999999999999h")).isInstanceOf(ConfigException.class);
        assertThat(Units.bytes("10GB")).isEqualTo(10_000_000_000L);
        assertThat(Units.bytes("256KiB")).isEqualTo(262_144);
        assertThat(Units.bytes("42")).isEqualTo(42);
        assertThat(Units.bytes("1.5 mb")).isEqualTo(1_500_000);
        assertThatThrownBy(() -> Units.bytes("many")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Units.bytes("99999EB")).isInstanceOf(ConfigException.class);
    }
}

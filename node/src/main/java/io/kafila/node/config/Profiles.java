package io.kafila.node.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Named sets of changes to a configuration, with the names and effects of Kubo's. */
public final class Profiles {
    /** Address ranges that no peer on the public internet can reach (IANA special-purpose registries, RFC 6890). */
    private static final List<String> UNREACHABLE_RANGES = List.of(
            "/ip4/10.0.0.0/ipcidr/8",
            "/ip4/100.64.0.0/ipcidr/10",
            "/ip4/127.0.0.0/ipcidr/8",
            "/ip4/169.254.0.0/ipcidr/16",
            "/ip4/172.16.0.0/ipcidr/12",
            "/ip4/192.0.0.0/ipcidr/24",
            "/ip4/192.0.2.0/ipcidr/24",
            "/ip4/192.168.0.0/ipcidr/16",
            "/ip4/198.18.0.0/ipcidr/15",
            "/ip4/198.51.100.0/ipcidr/24",
            "/ip4/203.0.113.0/ipcidr/24",
            "/ip4/240.0.0.0/ipcidr/4",
            "/ip6/::/ipcidr/3",
            "/ip6/::1/ipcidr/128",
            "/ip6/100::/ipcidr/64",
            "/ip6/2001:2::/ipcidr/48",
            "/ip6/2001:db8::/ipcidr/32",
            "/ip6/fc00::/ipcidr/7",
            "/ip6/fe80::/ipcidr/10");

    private static final String ONE_DATASTORE =
            "Accepted without effect: there is one kind of store, made for large\n" + "blocks.";

    private static final NavigableMap<String, Profile> ALL = all();

    private Profiles() {}

    /** A profile: its name and what it does in a few lines of prose. */
    public record Profile(String name, String description, UnaryOperator<Config> change) {}

    /** All profiles, ordered by name. */
    public static List<Profile> list() {
        return List.copyOf(ALL.values());
    }

    public static Optional<Profile> byName(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /** The configuration after a profile; fails where there is none of the name. */
    public static Config apply(String name, Config config) {
        return byName(name)
                .orElseThrow(() -> new ConfigException("invalid configuration profile: " + name))
                .change()
                .apply(config);
    }

    private static NavigableMap<String, Profile> all() {
        NavigableMap<String, Profile> profiles = new TreeMap<>();
        for (Profile profile : List.of(
                new Profile("server", """
                        For machines with a public address: looks for no peers in the local
                        network, asks no router for a port, and neither dials nor announces
                        private and reserved addresses.""", Profiles::server),
                new Profile(
                        "local-discovery",
                        "Undoes server: the local network is part of the world again.",
                        Profiles::localDiscovery),
                new Profile(
                        "test",
                        "Keeps a node apart from the world: loopback addresses, random ports,\n"
                                + "no bootstrap peers, no discovery. For tests.",
                        Profiles::test),
                new Profile("private", """
                        For a cluster of its own: no bootstrap peers, nothing from the public network.
                        Peers are found by mDNS, by Bootstrap or by Peering.Peers; a file swarm.key in
                        the repo keeps everybody else out.""", Profiles::privateCluster),
                new Profile(
                        "default-networking",
                        "Undoes test and private: addresses, bootstrap peers and discovery as in a new repo.",
                        Profiles::defaultNetworking),
                new Profile("default-datastore", ONE_DATASTORE, UnaryOperator.identity()),
                new Profile("flatfs", ONE_DATASTORE, UnaryOperator.identity()),
                new Profile("pebbleds", ONE_DATASTORE, UnaryOperator.identity()),
                new Profile(
                        "lowpower",
                        "For small machines: 20 to 40 connections, and no services for others.\n"
                                + "Fetching may take longer.",
                        Profiles::lowPower),
                new Profile(
                        "announce-off",
                        "Says to nobody what is here: only connected peers can find what this\n" + "node alone holds.",
                        config -> announce(config, false, "0s")),
                new Profile("announce-on", "Undoes announce-off.", config -> announce(config, true, "22h0m0s")),
                new Profile("randomports", "Listens on a free port instead of 4001.", Profiles::randomPorts),
                new Profile("unixfs-v1-2025", """
                        Imports with CIDv1, raw leaves, 1 MiB chunks and 1024 links per node.
                        These are the defaults; the profile writes them into the config.
                        See https://specs.ipfs.tech/ipips/ipip-0499/""", Profiles::unixfsV1),
                new Profile("unixfs-v0-2015", """
                        Imports with CIDv0, wrapped leaves, 256 KiB chunks and 174 links per
                        node: gives the CIDs of old imports.
                        See https://specs.ipfs.tech/ipips/ipip-0499/""", Profiles::unixfsV0),
                new Profile("legacy-cid-v0", "The same as unixfs-v0-2015.", Profiles::unixfsV0),
                new Profile(
                        "autoconf-on",
                        "Bootstrap peers, DNS resolvers and delegated routers are those that the\n"
                                + "network recommends (\"auto\").",
                        Profiles::autoconfOn),
                new Profile(
                        "autoconf-off",
                        "Empties bootstrap peers, DNS resolvers and delegated routers, for\n" + "settings by hand.",
                        Profiles::autoconfOff))) {
            profiles.put(profile.name(), profile);
        }
        return Collections.unmodifiableNavigableMap(profiles);
    }

    private static Config server(Config config) {
        return config.with("Addresses.NoAnnounce", union(config.texts("Addresses.NoAnnounce")))
                .with("Swarm.AddrFilters", union(config.texts("Swarm.AddrFilters")))
                .with("Discovery.MDNS.Enabled", bool(false))
                .with("Swarm.DisableNatPortMap", bool(true));
    }

    private static Config localDiscovery(Config config) {
        return config.with("Addresses.NoAnnounce", without(config.texts("Addresses.NoAnnounce")))
                .with("Swarm.AddrFilters", without(config.texts("Swarm.AddrFilters")))
                .with("Discovery.MDNS.Enabled", bool(true))
                .with("Swarm.DisableNatPortMap", bool(false));
    }

    private static List<String> union(List<String> present) {
        Set<String> all = new LinkedHashSet<>(present);
        all.addAll(UNREACHABLE_RANGES);
        return List.copyOf(all);
    }

    private static List<String> without(List<String> present) {
        List<String> kept = new ArrayList<>(present);
        kept.removeAll(UNREACHABLE_RANGES);
        return kept;
    }

    private static Config test(Config config) {
        return config.with("Addresses.API", text("/ip4/127.0.0.1/tcp/0"))
                .with("Addresses.Gateway", text("/ip4/127.0.0.1/tcp/0"))
                .with("Addresses.Swarm", List.of("/ip4/127.0.0.1/tcp/0"))
                .with("Swarm.DisableNatPortMap", bool(true))
                .with("Routing.LoopbackAddressesOnLanDHT", bool(true))
                .with("Bootstrap", List.of())
                .with("Discovery.MDNS.Enabled", bool(false))
                .with("AutoTLS.Enabled", bool(false))
                .with("AutoConf.Enabled", bool(false))
                .with("DNS.Resolvers", JsonNodeFactory.instance.objectNode())
                .with("Routing.DelegatedRouters", List.of())
                .with("Ipns.DelegatedPublishers", List.of());
    }

    private static Config privateCluster(Config config) {
        return config.with("Bootstrap", List.of())
                .with("Discovery.MDNS.Enabled", bool(true))
                .with("Routing.Type", text("dht"))
                .with("AutoTLS.Enabled", bool(false))
                .with("AutoConf.Enabled", bool(false))
                .with("DNS.Resolvers", JsonNodeFactory.instance.objectNode())
                .with("Routing.DelegatedRouters", List.of())
                .with("Ipns.DelegatedPublishers", List.of());
    }

    private static Config defaultNetworking(Config config) {
        JsonNode addresses = Config.initial("", "").require("Addresses");
        return config.with("Addresses", addresses)
                .with("Bootstrap", List.of(Config.AUTO))
                .without("AutoConf.Enabled")
                .without("AutoConf.URL")
                .without("Routing.Type")
                .with("Swarm.DisableNatPortMap", bool(false))
                .with("Discovery.MDNS.Enabled", bool(true))
                .without("AutoTLS.Enabled");
    }

    private static Config lowPower(Config config) {
        return config.with("Routing.Type", text("autoclient"))
                .with("AutoNAT.ServiceMode", text("disabled"))
                .with("Swarm.RelayService.Enabled", bool(false))
                .with("Swarm.ConnMgr.Type", text("basic"))
                .with("Swarm.ConnMgr.LowWater", number(20))
                .with("Swarm.ConnMgr.HighWater", number(40))
                .with("Swarm.ConnMgr.GracePeriod", text("1m0s"));
    }

    private static Config announce(Config config, boolean enabled, String interval) {
        return config.with("Provide.Enabled", bool(enabled)).with("Provide.DHT.Interval", text(interval));
    }

    private static Config randomPorts(Config config) {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::"))) {
            int port = probe.getLocalPort();
            return config.with("Addresses.Swarm", List.of("/ip4/0.0.0.0/tcp/" + port, "/ip6/::/tcp/" + port));
        } catch (IOException e) {
            throw new ConfigException("cannot find a free port: " + e.getMessage(), e);
        }
    }

    private static Config unixfsV1(Config config) {
        return imports(config, 1, true, 1024 * 1024, 1024, "block");
    }

    private static Config unixfsV0(Config config) {
        return imports(config, 0, false, 256 * 1024, 174, "links");
    }

    private static Config imports(
            Config config, int cidVersion, boolean rawLeaves, int chunkBytes, int fileLinks, String estimation) {
        Config changed = config;
        for (Map.Entry<String, JsonNode> setting : Map.of(
                        "CidVersion", number(cidVersion),
                        "UnixFSRawLeaves", bool(rawLeaves),
                        "UnixFSChunker", text("size-" + chunkBytes),
                        "HashFunction", text("sha2-256"),
                        "UnixFSFileMaxLinks", number(fileLinks),
                        "UnixFSDirectoryMaxLinks", number(0),
                        "UnixFSHAMTDirectoryMaxFanout", number(256),
                        "UnixFSHAMTDirectorySizeThreshold", text("256KiB"),
                        "UnixFSHAMTDirectorySizeEstimation", text(estimation),
                        "UnixFSDAGLayout", text("balanced"))
                .entrySet()) {
            changed = changed.with("Import." + setting.getKey(), setting.getValue());
        }
        return changed;
    }

    private static Config autoconfOn(Config config) {
        return config.with("Bootstrap", List.of(Config.AUTO))
                .with("DNS.Resolvers", JsonNodeFactory.instance.objectNode().put(".", Config.AUTO))
                .with("Routing.DelegatedRouters", List.of(Config.AUTO))
                .with("Ipns.DelegatedPublishers", List.of(Config.AUTO))
                .with("AutoConf.Enabled", bool(true));
    }

    private static Config autoconfOff(Config config) {
        JsonNode nothing = JsonNodeFactory.instance.nullNode();
        return config.with("Bootstrap", nothing)
                .with("DNS.Resolvers", nothing)
                .with("Routing.DelegatedRouters", nothing)
                .with("Ipns.DelegatedPublishers", nothing)
                .with("AutoConf.Enabled", bool(false));
    }

    private static JsonNode bool(boolean value) {
        return JsonNodeFactory.instance.booleanNode(value);
    }

    private static JsonNode number(long value) {
        return JsonNodeFactory.instance.numberNode(value);
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }
}

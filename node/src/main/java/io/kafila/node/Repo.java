package io.kafila.node;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kafila.delegated.DelegatedEndpoint;
import io.kafila.dht.ProvideOptions;
import io.kafila.libp2p.DnsOverHttps;
import io.kafila.libp2p.SwarmKey;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.NameSystem;
import io.kafila.naming.RepublishSchedule;
import io.kafila.node.config.BootstrapPeers;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigException;
import io.kafila.node.config.ConfigFile;
import io.kafila.node.config.DelegatedUrls;
import io.kafila.node.config.DnsResolvers;
import io.kafila.node.config.Profiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A repository on disk: a folder with a {@code config} file, a {@code version} file and the blockstore in {@code blocks}.
 *
 * <p>Nothing here is open; {@link KafilaNode#start} with {@link #options()} opens it. A Kubo repository is refused, never
 * changed. Immutable.
 */
public final class Repo {
    /** What {@code version} holds. */
    public static final String VERSION = "kafila-1";

    private static final Logger LOG = LoggerFactory.getLogger(Repo.class);
    private static final String VERSION_FILE = "version";
    private static final String STORE = "blocks";
    private static final String SWARM_KEY = "swarm.key";
    private static final String KEYSTORE = "keystore";

    /** More names than that are no cache but a leak. */
    private static final int MAX_RESOLVE_CACHE = 1_000_000;

    private final Path folder;
    private final Config config;

    private Repo(Path folder, Config config) {
        this.folder = folder;
        this.config = config;
    }

    /** Whether there is a repository of Kafila in the folder. */
    public static boolean exists(Path folder) {
        return Files.exists(folder.resolve(VERSION_FILE))
                && ConfigFile.in(folder).exists();
    }

    /** Whether the repository belongs to a private network: it holds a file {@code swarm.key}, be it a good one or not. */
    public static boolean isPrivate(Path folder) {
        return Files.exists(folder.resolve(SWARM_KEY));
    }

    /** @throws NodeException if there is none, or not one of ours */
    public static Repo read(Path folder) {
        refuseForeign(folder);
        if (!exists(folder)) {
            throw new NodeException("no IPFS repo found in " + folder + ".\nplease run: 'kafila init'");
        }
        return new Repo(folder, ConfigFile.in(folder).read());
    }

    /**
     * Makes a repository with a new config.
     *
     * @param profiles names of config profiles, applied in order
     * @throws NodeException if there is something already
     */
    public static Repo initialise(Path folder, PrivateKey identity, List<String> profiles) {
        Config config = Config.initial(
                identity.publicKey().peerId().toString(), Base64.getEncoder().encodeToString(identity.protobuf()));
        for (String profile : profiles) {
            config = Profiles.apply(profile, config);
        }
        return initialise(folder, config);
    }

    /** Makes a repository with a config that is at hand. */
    public static Repo initialise(Path folder, Config config) {
        refuseForeign(folder);
        if (ConfigFile.in(folder).exists()) {
            throw new NodeException(
                    "kafila configuration file already exists!\nReinitializing would overwrite your keys");
        }
        Repo repo = new Repo(folder, config);
        repo.options();
        try {
            Files.createDirectories(folder);
            ConfigFile.in(folder).write(config);
            Files.writeString(folder.resolve(VERSION_FILE), VERSION + "\n");
        } catch (IOException e) {
            throw new NodeException("cannot make a repo in " + folder + ": " + e.getMessage(), e);
        }
        return repo;
    }

    private static void refuseForeign(Path folder) {
        Path version = folder.resolve(VERSION_FILE);
        try {
            if (Files.exists(folder.resolve("datastore_spec"))
                    || (Files.exists(version)
                            && !Files.readString(version).strip().startsWith("kafila-"))) {
                throw new NodeException(folder + " holds a repo of another program (Kubo); kafila does not touch it."
                        + " Set KAFILA_PATH or IPFS_PATH to a folder of its own");
            }
            if (Files.exists(version) && !Files.readString(version).strip().equals(VERSION)) {
                throw new NodeException(folder + " holds a repo of version "
                        + Files.readString(version).strip() + ", want " + VERSION);
            }
        } catch (IOException e) {
            throw new NodeException("cannot read " + version + ": " + e.getMessage(), e);
        }
    }

    public Path folder() {
        return folder;
    }

    public Config config() {
        return config;
    }

    /** This with another {@code Routing.Type}, which is not written to the file. */
    public Repo withRoutingType(String type) {
        return new Repo(folder, config.with("Routing.Type", JsonNodeFactory.instance.textNode(type)));
    }

    /** The folder of the keys, which may not exist yet. */
    public Path keystore() {
        return folder.resolve(KEYSTORE);
    }

    /** What the config says to a node, with its store in this repository. */
    public NodeOptions options() {
        return offlineOptions()
                .withOnline(true)
                .withNetwork(network())
                .withRouting(routing())
                .withProviding(providing());
    }

    /** {@link #options} for a node without a network, which a setting or a key of the network that is wrong does not hinder. */
    public NodeOptions offlineOptions() {
        PrivateKey identity;
        try {
            identity = PrivateKey.decode(Base64.getDecoder().decode(config.privateKeyBase64()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("Identity.PrivKey is no key: " + e.getMessage(), e);
        }
        String peerId = identity.publicKey().peerId().toString();
        if (!peerId.equals(config.peerId())) {
            throw new ConfigException("private key in config does not match id: " + config.peerId() + " != " + peerId);
        }
        return NodeOptions.defaults(identity)
                .withStore(folder.resolve(STORE))
                .withVerifyOnRead(config.flag("Datastore.HashOnRead", false))
                .withServe(config.flag("Bitswap.ServerEnabled", true))
                .withOnline(false)
                .withNaming(naming());
    }

    private NodeOptions.Naming naming() {
        long cache = config.integer("Ipns.ResolveCacheSize", 0);
        if (cache < 0 || cache > MAX_RESOLVE_CACHE) {
            throw new ConfigException("Ipns.ResolveCacheSize: " + cache + ", want 0 to " + MAX_RESOLVE_CACHE);
        }
        NameSystem.Options standard = NameSystem.Options.DEFAULT;
        Duration interval = config.duration("Ipns.RepublishPeriod", Duration.ZERO);
        Duration lifetime = config.duration("Ipns.RecordLifetime", Duration.ZERO);
        RepublishSchedule schedule;
        try {
            schedule = new RepublishSchedule(
                    interval.isZero() ? RepublishSchedule.DEFAULT.interval() : interval,
                    lifetime.isZero() ? RepublishSchedule.DEFAULT.lifetime() : lifetime);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
        return new NodeOptions.Naming(
                Optional.of(keystore()),
                // Zero is the default, as in Kubo.
                new NameSystem.Options(
                        cache == 0 ? standard.cacheSize() : (int) cache,
                        config.duration("Ipns.MaxCacheTTL", standard.maxCacheTtl()),
                        Map.of()),
                schedule,
                dnsResolvers());
    }

    private Map<String, String> dnsResolvers() {
        Map<String, String> resolvers = DnsResolvers.of(config, isInPrivateNetwork());
        try {
            new DnsOverHttps(resolvers);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("DNS.Resolvers: " + e.getMessage(), e);
        }
        return resolvers;
    }

    private NodeOptions.Providing providing() {
        ProvideOptions standard = ProvideOptions.DEFAULT;
        String strategy = config.text("Provide.Strategy", "");
        try {
            return new NodeOptions.Providing(
                    config.flag("Provide.Enabled", true),
                    strategy.isEmpty() ? ProvideStrategy.DEFAULT : ProvideStrategy.parse(strategy),
                    standard.withInterval(config.duration("Provide.DHT.Interval", standard.interval()))
                            .withWorkers(
                                    Math.toIntExact(config.integer("Provide.DHT.MaxWorkers", standard.maxWorkers())),
                                    Math.toIntExact(Math.max(
                                            1,
                                            config.integer(
                                                    "Provide.DHT.DedicatedPeriodicWorkers",
                                                    standard.periodicWorkers()))),
                                    Math.toIntExact(config.integer(
                                            "Provide.DHT.MaxProvideConnsPerWorker", standard.maxConnsPerWorker()))));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException("Provide: " + e.getMessage(), e);
        }
    }

    private NodeOptions.Routing routing() {
        String type = config.text("Routing.Type", "auto");
        NodeOptions.Routing.Kind kind = switch (type) {
            case "auto", "" -> NodeOptions.Routing.Kind.AUTO;
            case "autoclient" -> NodeOptions.Routing.Kind.AUTO_CLIENT;
            case "dht" -> NodeOptions.Routing.Kind.DHT;
            case "dhtclient" -> NodeOptions.Routing.Kind.DHT_CLIENT;
            case "dhtserver" -> NodeOptions.Routing.Kind.DHT_SERVER;
            case "delegated" -> NodeOptions.Routing.Kind.DELEGATED;
            case "none" -> NodeOptions.Routing.Kind.NONE;
            case "custom" ->
                throw new ConfigException("Routing.Type: custom is not supported, want auto, autoclient, dht,"
                        + " dhtclient, dhtserver, delegated or none");
            default ->
                throw new ConfigException("Routing.Type: " + type
                        + ", want auto, autoclient, dht, dhtclient, dhtserver, delegated or none");
        };
        return new NodeOptions.Routing(kind, config.flag("Routing.LoopbackAddressesOnLanDHT", false), delegated(kind));
    }

    private List<DelegatedEndpoint> delegated(NodeOptions.Routing.Kind kind) {
        if (!kind.isDelegated()) {
            return List.of();
        }
        DelegatedUrls urls =
                DelegatedUrls.of(config, swarmKey().isPresent(), kind.dhtMode().isPresent());
        List<DelegatedEndpoint> endpoints;
        try {
            endpoints = DelegatedEndpoint.of(urls.routers(), urls.publishers());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
        if (endpoints.isEmpty() && kind.dhtMode().isEmpty()) {
            throw new ConfigException("no delegated routers or publishers configured for 'delegated' routing mode");
        }
        return endpoints;
    }

    private NodeOptions.Network network() {
        Optional<SwarmKey> swarmKey = swarmKey();
        boolean trim = !config.text("Swarm.ConnMgr.Type", "basic").equals("none");
        return new NodeOptions.Network(
                multiaddrs("Addresses.Swarm").stream()
                        .filter(Repo::isListenable)
                        .toList(),
                securities(),
                trim ? (int) config.integer("Swarm.ConnMgr.LowWater", 32) : Integer.MAX_VALUE,
                trim ? (int) config.integer("Swarm.ConnMgr.HighWater", 96) : Integer.MAX_VALUE,
                config.duration("Swarm.ConnMgr.GracePeriod", Duration.ofSeconds(20)),
                multiaddrs("Addresses.Announce"),
                multiaddrs("Addresses.AppendAnnounce"),
                multiaddrs("Addresses.NoAnnounce"),
                multiaddrs("Swarm.AddrFilters"),
                peering(),
                bootstrap(swarmKey.isPresent()),
                config.flag("Discovery.MDNS.Enabled", true),
                swarmKey);
    }

    /** Whether there is a {@code swarm.key}, be it a malformed one, which matters to nobody but who goes online. */
    private boolean isInPrivateNetwork() {
        return Files.exists(folder.resolve(SWARM_KEY));
    }

    /** The key of the private network that the repository belongs to: its file {@code swarm.key}. */
    private Optional<SwarmKey> swarmKey() {
        Path file = folder.resolve(SWARM_KEY);
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(SwarmKey.parse(in.readNBytes(SwarmKey.MAX_FILE_BYTES + 1)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new NodeException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new NodeException("failed to configure private network: " + file + ": " + e.getMessage(), e);
        }
    }

    private List<Multiaddr> bootstrap(boolean inPrivateNetwork) {
        List<Multiaddr> peers = new ArrayList<>();
        for (String text : BootstrapPeers.of(config, inPrivateNetwork).addresses()) {
            try {
                Multiaddr address = Multiaddr.parse(text);
                if (address.peerId().isEmpty()) {
                    throw new ConfigException("Bootstrap: " + text + ", want /p2p/<peer id> at its end");
                }
                peers.add(address);
            } catch (MultiformatException e) {
                throw new ConfigException("Bootstrap: " + e.getMessage(), e);
            }
        }
        return peers;
    }

    /** TLS before Noise, as Kubo, unless a priority says otherwise; {@code false} turns one off. */
    private List<String> securities() {
        List<String> ids = new ArrayList<>();
        boolean tls = enabled("Swarm.Transports.Security.TLS");
        boolean noise = enabled("Swarm.Transports.Security.Noise");
        if (tls) {
            ids.add("/tls/1.0.0");
        }
        if (noise) {
            boolean first =
                    priority("Swarm.Transports.Security.Noise", 300) < priority("Swarm.Transports.Security.TLS", 200);
            ids.add(first ? 0 : ids.size(), "/noise");
        }
        if (ids.isEmpty()) {
            throw new ConfigException("Swarm.Transports.Security: both TLS and Noise are off, want at least one");
        }
        return ids;
    }

    private boolean enabled(String key) {
        return config.value(key)
                .map(value -> !value.isBoolean() || value.booleanValue())
                .orElse(true);
    }

    private long priority(String key, long otherwise) {
        return config.value(key)
                .filter(value -> value.isIntegralNumber())
                .map(value -> value.longValue())
                .orElse(otherwise);
    }

    /**
     * Whether there is a transport for the address: an IP and a TCP port, and nothing above them. Others, such as QUIC, are
     * left out as Kubo leaves out disabled ones, since test harnesses write all that Kubo has into the file.
     */
    private static boolean isListenable(Multiaddr address) {
        boolean listenable =
                address.components().size() == 2 && address.tcpAddress().isPresent();
        if (!listenable) {
            LOG.info("Addresses.Swarm: there is no transport for {}; it is left out", address);
        }
        return listenable;
    }

    private List<Multiaddr> multiaddrs(String key) {
        List<Multiaddr> parsed = new ArrayList<>();
        for (String text : config.texts(key)) {
            try {
                parsed.add(Multiaddr.parse(text));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(key + ": " + e.getMessage(), e);
            }
        }
        return parsed;
    }

    private List<Peering.Peer> peering() {
        List<Peering.Peer> peers = new ArrayList<>();
        config.value("Peering.Peers")
                .ifPresent(list -> list.forEach(peer -> {
                    List<Multiaddr> addresses = new ArrayList<>();
                    peer.path("Addrs").forEach(address -> addresses.add(Multiaddr.parse(address.asText())));
                    peers.add(new Peering.Peer(PeerId.parse(peer.path("ID").asText()), addresses));
                }));
        return peers;
    }
}

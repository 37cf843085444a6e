package io.kafila.libp2p;

import io.kafila.libp2p.internal.host.HostEnvironment;
import io.kafila.libp2p.internal.host.HostOptions;
import io.kafila.libp2p.internal.host.Libp2pHost;
import io.kafila.libp2p.internal.peers.PeerServices;
import io.kafila.libp2p.internal.security.SecureChannelUpgrader;
import io.kafila.libp2p.internal.security.aead.AeadSuite;
import io.kafila.libp2p.internal.security.noise.NoiseUpgrader;
import io.kafila.libp2p.internal.security.tls.TlsUpgrader;
import io.kafila.libp2p.internal.transport.ConfiguredNameLookup;
import io.kafila.libp2p.internal.transport.LoopGroups;
import io.kafila.libp2p.internal.transport.NetworkInterfaces;
import io.kafila.libp2p.internal.transport.SystemNameLookup;
import io.kafila.libp2p.internal.transport.Transports;
import io.kafila.libp2p.internal.yamux.YamuxOptions;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a host is to be; {@link #start} makes it. Without further settings it listens nowhere and dials. Not thread-safe.
 */
public final class HostBuilder {
    /** As Kubo's {@code Swarm.ConnMgr}. */
    public static final int DEFAULT_LOW_WATER = 32;

    public static final int DEFAULT_HIGH_WATER = 96;
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(20);

    /** The secure channels, by their protocol ids. */
    public static final String TLS = "/tls/1.0.0";

    public static final String NOISE = "/noise";

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(15);

    private final PrivateKey key;
    private List<Multiaddr> listen = List.of();
    private String agentVersion = "kafila";
    private List<String> securities = List.of(TLS, NOISE);
    private List<Multiaddr> announce = List.of();
    private List<Multiaddr> appendAnnounce = List.of();
    private List<Multiaddr> noAnnounce = List.of();
    private List<Multiaddr> addressFilters = List.of();
    private int lowWater = DEFAULT_LOW_WATER;
    private int highWater = DEFAULT_HIGH_WATER;
    private Duration grace = DEFAULT_GRACE;
    private ResourceLimits resourceLimits = ResourceLimits.defaults();
    private @Nullable Datastore datastore;
    private int ioThreads = Runtime.getRuntime().availableProcessors();
    private @Nullable EventLoops eventLoops;
    private @Nullable SwarmKey swarmKey;
    private DnsOverHttps dns = DnsOverHttps.none();
    private boolean localDiscovery;

    /** @param key what the host proves its PeerId with */
    public HostBuilder(PrivateKey key) {
        this.key = key;
    }

    /** The addresses to listen on; port 0 takes a free one. */
    public HostBuilder listen(List<Multiaddr> addresses) {
        this.listen = List.copyOf(addresses);
        return this;
    }

    /** What identify says this peer is, such as {@code kafila/0.1.0}. */
    public HostBuilder agentVersion(String text) {
        this.agentVersion = text;
        return this;
    }

    /** The secure channels to offer, most wanted first; {@link #TLS} and {@link #NOISE} by default. */
    public HostBuilder securities(List<String> protocolIds) {
        this.securities = List.copyOf(protocolIds);
        return this;
    }

    /** Up to how many connections are kept, down to how many they are cut, and how long a new one is spared. */
    public HostBuilder watermarks(int low, int high, Duration graceOfNewOnes) {
        this.lowWater = low;
        this.highWater = high;
        this.grace = graceOfNewOnes;
        return this;
    }

    /** How much others can take of this host. */
    public HostBuilder resourceLimits(ResourceLimits limits) {
        this.resourceLimits = limits;
        return this;
    }

    /** Where the peerstore is kept; in memory by default. The host does not close it. */
    public HostBuilder datastore(Datastore store) {
        this.datastore = store;
        return this;
    }

    /** What to announce instead of the addresses listened on. */
    public HostBuilder announce(List<Multiaddr> addresses) {
        this.announce = List.copyOf(addresses);
        return this;
    }

    /** What to announce besides. */
    public HostBuilder appendAnnounce(List<Multiaddr> addresses) {
        this.appendAnnounce = List.copyOf(addresses);
        return this;
    }

    /** Addresses and {@code /ipcidr} ranges never to announce. */
    public HostBuilder noAnnounce(List<Multiaddr> addressesAndRanges) {
        this.noAnnounce = List.copyOf(addressesAndRanges);
        return this;
    }

    /** Ranges neither to dial nor to accept, such as {@code /ip4/10.0.0.0/ipcidr/8}. */
    public HostBuilder addressFilters(List<Multiaddr> ranges) {
        this.addressFilters = List.copyOf(ranges);
        return this;
    }

    /** The threads for sockets, unless {@link #eventLoops} are shared; as many as there are processors by default. */
    public HostBuilder ioThreads(int threads) {
        this.ioThreads = threads;
        return this;
    }

    /** Threads to share with other hosts; they outlive this one. */
    public HostBuilder eventLoops(EventLoops shared) {
        this.eventLoops = shared;
        return this;
    }

    /** Keeps to the private network of this key: peers without it are neither reached nor admitted. */
    public HostBuilder privateNetwork(SwarmKey key) {
        this.swarmKey = key;
        return this;
    }

    /** Who is asked for the names in addresses; by default the system alone. */
    public HostBuilder dns(DnsOverHttps resolvers) {
        this.dns = resolvers;
        return this;
    }

    /** Whether peers of the local network are looked for by multicast DNS and dialed, and this one is shown there; off by default. */
    public HostBuilder localDiscovery(boolean enabled) {
        this.localDiscovery = enabled;
        return this;
    }

    /**
     * A host that listens. Blocks until the peerstore is loaded and the sockets are bound.
     *
     * @throws Libp2pException naming the address that cannot be listened on; everything else is closed again
     */
    public Host start() {
        EventLoops shared = eventLoops;
        LoopGroups loops = shared == null ? new LoopGroups(ioThreads) : shared.groups();
        Libp2pHost host;
        try {
            Datastore peers = datastore == null ? new MemoryDatastore() : datastore;
            PeerServices services =
                    new PeerServices(resourceLimits, peers, Clock.systemUTC(), System::nanoTime, loops.blocking());
            addressFilters.forEach(services.filter()::denyAddress);
            host = new Libp2pHost(options(), environment(loops, shared == null), services);
        } catch (RuntimeException e) {
            if (shared == null) {
                loops.close();
            }
            throw e;
        }
        try {
            host.start();
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
        if (securities.contains(NOISE)) {
            // Loads native libraries, for which the first handshake would hold up its event loop.
            loops.blocking().execute(AeadSuite::fastest);
        }
        return host;
    }

    private HostOptions options() {
        return new HostOptions(
                key,
                agentVersion,
                listen,
                upgraders(),
                announce,
                appendAnnounce,
                noAnnounce,
                lowWater,
                highWater,
                grace,
                YamuxOptions.DEFAULT,
                swarmKey,
                localDiscovery);
    }

    private List<SecureChannelUpgrader> upgraders() {
        List<SecureChannelUpgrader> upgraders = new ArrayList<>();
        for (String protocolId : securities) {
            upgraders.add(
                    switch (protocolId) {
                        case TLS -> new TlsUpgrader(key, new SecureRandom(), Clock.systemUTC(), HANDSHAKE_TIMEOUT);
                        case NOISE -> new NoiseUpgrader(key, AeadSuite::fastest, new SecureRandom(), HANDSHAKE_TIMEOUT);
                        default ->
                            throw new IllegalArgumentException(
                                    "host: secure channel " + protocolId + ", want " + TLS + " or " + NOISE);
                    });
        }
        return upgraders;
    }

    private HostEnvironment environment(LoopGroups loops, boolean ownsLoops) {
        return new HostEnvironment(
                loops,
                ownsLoops,
                Transports.standard(loops),
                new ConfiguredNameLookup(dns, new SystemNameLookup()),
                Clock.systemUTC(),
                System::nanoTime,
                new Random(),
                NetworkInterfaces::addresses);
    }
}

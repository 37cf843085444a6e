package io.kafila.node;

import io.kafila.delegated.DelegatedEndpoint;
import io.kafila.dht.DhtMode;
import io.kafila.dht.ProvideOptions;
import io.kafila.libp2p.SwarmKey;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import io.kafila.naming.NameSystem;
import io.kafila.naming.RepublishSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a node can be told at its start. {@link #defaults} is a node in memory that listens on loopback; each {@code
 * with} answers a copy.
 *
 * @param store the folder of the blockstore; empty for a node that keeps its blocks in memory
 * @param storageMaxBytes puts beyond it are refused
 * @param verifyOnRead whether each block that is read from the store is hashed again
 * @param online whether there is a network at all
 * @param network how the host listens and dials
 * @param serve whether blocks are given to others
 * @param fetchBudgetBytes how far fetches run ahead of their reader
 * @param naming how names are resolved and published
 * @param routing how content, peers and values are found
 * @param providing what others are told of
 */
public record NodeOptions(
        PrivateKey identity,
        Optional<Path> store,
        long storageMaxBytes,
        boolean verifyOnRead,
        boolean online,
        Network network,
        boolean serve,
        long fetchBudgetBytes,
        Naming naming,
        Routing routing,
        Providing providing) {

    /**
     * @param enabled whether the DHT is told of anything
     * @param strategy of what
     * @param options how
     */
    public record Providing(boolean enabled, ProvideStrategy strategy, ProvideOptions options) {
        public static final Providing DEFAULT = new Providing(true, ProvideStrategy.DEFAULT, ProvideOptions.DEFAULT);
    }

    /**
     * @param listen addresses to bind; empty for a node that only dials
     * @param securities protocol ids of the secure channels, the preferred one first
     * @param lowWater connections are closed down to this many ...
     * @param highWater ... once there are more than these
     * @param gracePeriod how long a new connection is left alone
     * @param announce if not empty, announced in place of what is bound
     * @param appendAnnounce announced besides
     * @param noAnnounce addresses and ranges that are not announced
     * @param denied ranges that are neither dialed nor accepted
     * @param peering peers that are kept connected
     * @param bootstrap peers to dial first; each address ends in the peer's id
     * @param mdns whether peers are looked for in the local network, and this one is shown there
     * @param swarmKey of the private network to keep to; empty for the public one
     */
    public record Network(
            List<Multiaddr> listen,
            List<String> securities,
            int lowWater,
            int highWater,
            Duration gracePeriod,
            List<Multiaddr> announce,
            List<Multiaddr> appendAnnounce,
            List<Multiaddr> noAnnounce,
            List<Multiaddr> denied,
            List<Peering.Peer> peering,
            List<Multiaddr> bootstrap,
            boolean mdns,
            Optional<SwarmKey> swarmKey) {

        public Network {
            listen = List.copyOf(listen);
            securities = List.copyOf(securities);
            announce = List.copyOf(announce);
            appendAnnounce = List.copyOf(appendAnnounce);
            noAnnounce = List.copyOf(noAnnounce);
            denied = List.copyOf(denied);
            peering = List.copyOf(peering);
            bootstrap = List.copyOf(bootstrap);
        }

        /** Loopback on a free port, TLS before Noise, Kubo's watermarks. */
        public static final Network LOOPBACK = new Network(
                List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
                List.of("/tls/1.0.0", "/noise"),
                32,
                96,
                Duration.ofSeconds(20),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                false,
                Optional.empty());

        public Network withListen(List<Multiaddr> addresses) {
            return new Network(
                    addresses,
                    securities,
                    lowWater,
                    highWater,
                    gracePeriod,
                    announce,
                    appendAnnounce,
                    noAnnounce,
                    denied,
                    peering,
                    bootstrap,
                    mdns,
                    swarmKey);
        }

        /** This, listening on loopback only and looking for nobody. */
        public Network apart() {
            return new Network(
                    LOOPBACK.listen,
                    securities,
                    lowWater,
                    highWater,
                    gracePeriod,
                    announce,
                    appendAnnounce,
                    noAnnounce,
                    denied,
                    peering,
                    List.of(),
                    false,
                    swarmKey);
        }

        public Network withBootstrap(List<Multiaddr> peers) {
            return new Network(
                    listen,
                    securities,
                    lowWater,
                    highWater,
                    gracePeriod,
                    announce,
                    appendAnnounce,
                    noAnnounce,
                    denied,
                    peering,
                    peers,
                    mdns,
                    swarmKey);
        }

        public Network withMdns(boolean enabled) {
            return new Network(
                    listen,
                    securities,
                    lowWater,
                    highWater,
                    gracePeriod,
                    announce,
                    appendAnnounce,
                    noAnnounce,
                    denied,
                    peering,
                    bootstrap,
                    enabled,
                    swarmKey);
        }

        public Network withSwarmKey(SwarmKey key) {
            return new Network(
                    listen,
                    securities,
                    lowWater,
                    highWater,
                    gracePeriod,
                    announce,
                    appendAnnounce,
                    noAnnounce,
                    denied,
                    peering,
                    bootstrap,
                    mdns,
                    Optional.of(key));
        }

        public Network withSecurities(List<String> protocolIds) {
            return new Network(
                    listen,
                    protocolIds,
                    lowWater,
                    highWater,
                    gracePeriod,
                    announce,
                    appendAnnounce,
                    noAnnounce,
                    denied,
                    peering,
                    bootstrap,
                    mdns,
                    swarmKey);
        }
    }

    /**
     * @param keystore the folder of the keys; empty for a node that keeps them in memory
     * @param resolving what the resolver keeps
     * @param republishing how often records are published again
     * @param dnsResolvers for domains, with a dot at their ends, the URLs of their resolvers; see {@link io.kafila.libp2p.DnsOverHttps}
     */
    public record Naming(
            Optional<Path> keystore,
            NameSystem.Options resolving,
            RepublishSchedule republishing,
            Map<String, String> dnsResolvers) {
        public static final Naming DEFAULT =
                new Naming(Optional.empty(), NameSystem.Options.DEFAULT, RepublishSchedule.DEFAULT, Map.of());

        public Naming {
            dnsResolvers = Map.copyOf(dnsResolvers);
        }

        public Naming withResolving(NameSystem.Options options) {
            return new Naming(keystore, options, republishing, dnsResolvers);
        }
    }

    /**
     * @param kind which systems are asked
     * @param loopbackOnLan whether loopback addresses are told in the DHT of the local network
     * @param delegated routers that are asked over HTTP
     */
    public record Routing(Kind kind, boolean loopbackOnLan, List<DelegatedEndpoint> delegated) {
        /** Nobody is asked but connected peers. */
        public static final Routing NONE = new Routing(Kind.NONE, false, List.of());

        public Routing {
            delegated = List.copyOf(delegated);
        }

        /** As Kubo's {@code Routing.Type}, with the same meanings. */
        public enum Kind {
            /** The DHT in the role that fits, and delegated routers. */
            AUTO,
            /** The DHT as a client, and delegated routers. */
            AUTO_CLIENT,
            /** The DHT alone, in the role that fits. */
            DHT,
            DHT_CLIENT,
            DHT_SERVER,
            /** Delegated routers alone. */
            DELEGATED,
            NONE;

            /** The role in the DHT; empty without one. */
            public Optional<DhtMode> dhtMode() {
                return switch (this) {
                    case AUTO, DHT -> Optional.of(DhtMode.AUTO);
                    case AUTO_CLIENT, DHT_CLIENT -> Optional.of(DhtMode.CLIENT);
                    case DHT_SERVER -> Optional.of(DhtMode.SERVER);
                    case DELEGATED, NONE -> Optional.empty();
                };
            }

            /** Whether delegated routers are asked. */
            public boolean isDelegated() {
                return switch (this) {
                    case AUTO, AUTO_CLIENT, DELEGATED -> true;
                    case DHT, DHT_CLIENT, DHT_SERVER, NONE -> false;
                };
            }
        }
    }

    public NodeOptions {
        if (storageMaxBytes <= 0) {
            throw new IllegalArgumentException("storage: at most " + storageMaxBytes + " bytes, want more than 0");
        }
    }

    public static NodeOptions defaults(PrivateKey identity) {
        return new NodeOptions(
                identity,
                Optional.empty(),
                Long.MAX_VALUE,
                false,
                true,
                Network.LOOPBACK,
                true,
                32L * 1024 * 1024,
                Naming.DEFAULT,
                Routing.NONE,
                Providing.DEFAULT);
    }

    public NodeOptions withStore(Path folder) {
        return new NodeOptions(
                identity,
                Optional.of(folder),
                storageMaxBytes,
                verifyOnRead,
                online,
                network,
                serve,
                fetchBudgetBytes,
                naming,
                routing,
                providing);
    }

    public NodeOptions withStorageMax(long bytes) {
        return new NodeOptions(
                identity,
                store,
                bytes,
                verifyOnRead,
                online,
                network,
                serve,
                fetchBudgetBytes,
                naming,
                routing,
                providing);
    }

    public NodeOptions withVerifyOnRead(boolean verify) {
        return new NodeOptions(
                identity,
                store,
                storageMaxBytes,
                verify,
                online,
                network,
                serve,
                fetchBudgetBytes,
                naming,
                routing,
                providing);
    }

    public NodeOptions withOnline(boolean network) {
        return new NodeOptions(
                identity,
                store,
                storageMaxBytes,
                verifyOnRead,
                network,
                this.network,
                serve,
                fetchBudgetBytes,
                naming,
                routing,
                providing);
    }

    public NodeOptions withNetwork(Network settings) {
        return new NodeOptions(
                identity,
                store,
                storageMaxBytes,
                verifyOnRead,
                online,
                settings,
                serve,
                fetchBudgetBytes,
                naming,
                routing,
                providing);
    }

    public NodeOptions withServe(boolean give) {
        return new NodeOptions(
                identity,
                store,
                storageMaxBytes,
                verifyOnRead,
                online,
                network,
                give,
                fetchBudgetBytes,
                naming,
                routing,
                providing);
    }

    public NodeOptions withNaming(Naming settings) {
        return new NodeOptions(
                identity,
                store,
                storageMaxBytes,
                verifyOnRead,
                online,
                network,
                serve,
                fetchBudgetBytes,
                settings,
                routing,
                providing);
    }

    public NodeOptions withRouting(Routing settings) {
        return new NodeOptions(
                identity,
                store,
                storageMaxBytes,
                verifyOnRead,
                online,
                network,
                serve,
                fetchBudgetBytes,
                naming,
                settings,
                providing);
    }

    public NodeOptions withProviding(Providing settings) {
        return new NodeOptions(
                identity,
                store,
                storageMaxBytes,
                verifyOnRead,
                online,
                network,
                serve,
                fetchBudgetBytes,
                naming,
                routing,
                settings);
    }
}

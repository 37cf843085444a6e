package io.kafila.node.internal;

import io.kafila.bitswap.Bitswap;
import io.kafila.bitswap.BitswapOptions;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.MemoryBlockRepository;
import io.kafila.blockstore.RepositoryOptions;
import io.kafila.blockstore.SegmentRepository;
import io.kafila.dag.Codecs;
import io.kafila.dag.PathResolver;
import io.kafila.dag.unixfs.ImportBudget;
import io.kafila.dag.unixfs.Importer;
import io.kafila.delegated.DelegatedEndpoint;
import io.kafila.delegated.DelegatedOptions;
import io.kafila.delegated.DelegatedRouter;
import io.kafila.dht.Dht;
import io.kafila.dht.DhtMode;
import io.kafila.dht.DhtOptions;
import io.kafila.dht.Providing;
import io.kafila.dht.RecordValidator;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.DnsOverHttps;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.naming.IpnsRecordValidator;
import io.kafila.node.NodeException;
import io.kafila.node.NodeOptions;
import io.kafila.node.Peering;
import io.kafila.node.Swarm;
import io.kafila.node.Version;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node is made of, opened in order and closed in the reverse one: network first, stores last. Thread-safe.
 */
public final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    /** How many pieces of blocking work, such as an import or a CAR, run at once; more are refused. */
    private static final int MAX_BLOCKING = 256;

    /** Where this variable is 1, no node talks to anybody outside a private network (go-libp2p core/pnet/env.go). */
    private static final String FORCE_PRIVATE = "LIBP2P_FORCE_PNET";

    private static final String FORCED = "1";

    private static final List<RecordValidator> VALIDATORS = List.of(new IpnsRecordValidator(Clock.systemUTC()));

    private final NodeOptions options;
    private final DnsOverHttps dns;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Codecs codecs = Codecs.standard();
    private final ExecutorService workers;
    private final ExecutorService blocking;
    private final BlockRepository repository;
    private final Importer importer;
    private final PathResolver resolver;
    private final NameParts names;
    private final @Nullable Host host;
    private final RoutingParts routing;
    private final @Nullable Bitswap bitswap;
    private final @Nullable ProvideFeed feed;
    private final @Nullable Peering peering;
    private boolean closed;

    /** Opens everything; on a failure closes what it had opened, then throws it. */
    public static Parts open(NodeOptions options) {
        return new Parts(options);
    }

    private Parts(NodeOptions options) {
        this.options = options;
        this.dns = new DnsOverHttps(options.naming().dnsResolvers());
        try {
            int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
            workers = executor(Executors.newFixedThreadPool(cores, threads("kafila-worker")));
            blocking = executor(new ThreadPoolExecutor(
                    0, MAX_BLOCKING, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads("kafila-blocking")));
            repository = keep(options.store()
                    .map(folder -> SegmentRepository.open(
                            folder,
                            RepositoryOptions.DEFAULT
                                    .withMaxBytes(options.storageMaxBytes())
                                    .withVerifyOnRead(options.verifyOnRead())))
                    .orElseGet(MemoryBlockRepository::new));
            importer = new Importer(repository, workers, ImportBudget.DEFAULT);
            ScheduledExecutorService timer =
                    executor(Executors.newSingleThreadScheduledExecutor(threads("kafila-timer")));
            if (options.online()) {
                host = keep(host(options));
                routing = new RoutingParts(dht(host, options), delegated(options), VALIDATORS);
                bitswap = keep(new Bitswap(
                        host,
                        repository,
                        routing.content(event -> {}),
                        BitswapOptions.DEFAULT.withServe(options.serve())));
                feed = feed(routing.dht(), options, timer);
                peering = keep(new Peering(host, timer, new java.util.SplittableRandom()));
                options.network().peering().forEach(peering::add);
            } else {
                host = null;
                routing = new RoutingParts(null, List.of(), VALIDATORS);
                bitswap = null;
                feed = null;
                peering = null;
            }
            names = keep(NameParts.open(options, repository, routing.values(), dns, blocking, timer));
            resolver = new PathResolver(codecs, names.names());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private @Nullable Dht dht(Host host, NodeOptions options) {
        NodeOptions.Routing routing = options.routing();
        DhtMode mode = routing.kind().dhtMode().orElse(null);
        if (mode == null) {
            return null;
        }
        DhtOptions settings = DhtOptions.DEFAULT
                .withMode(mode)
                .withLoopbackOnLan(routing.loopbackOnLan())
                .withBootstrap(options.network().bootstrap())
                .withValidators(VALIDATORS);
        if (options.store().isPresent()) {
            settings = settings.withDatastores(name -> new RecordsDatastore(repository.records(name)));
        }
        return keep(Dht.start(host, settings));
    }

    private static List<DelegatedRouter> delegated(NodeOptions options) {
        List<DelegatedEndpoint> endpoints = options.routing().delegated();
        if (endpoints.isEmpty()) {
            return List.of();
        }
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(DelegatedOptions.DEFAULT.timeout())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        DelegatedOptions settings = DelegatedOptions.DEFAULT.withUserAgent("kafila/" + Version.current());
        return endpoints.stream()
                .map(endpoint -> new DelegatedRouter(endpoint, settings, client, Clock.systemUTC()))
                .toList();
    }

    private @Nullable ProvideFeed feed(@Nullable Dht dht, NodeOptions options, ScheduledExecutorService timer) {
        NodeOptions.Providing settings = options.providing();
        if (dht == null || !settings.enabled()) {
            return null;
        }
        Datastore records = options.store().isPresent()
                ? new RecordsDatastore(repository.records("provide"))
                : new MemoryDatastore();
        Providing providing = keep(Providing.start(dht, records, settings.options(), Clock.systemUTC()));
        return keep(new ProvideFeed(
                providing,
                settings.strategy(),
                repository,
                codecs,
                timer,
                settings.options().interval()));
    }

    private Host host(NodeOptions options) {
        NodeOptions.Network network = options.network();
        HostBuilder builder = new HostBuilder(options.identity())
                .listen(network.listen())
                .agentVersion("kafila/" + Version.current())
                .securities(network.securities())
                .resourceLimits(Swarm.LIMITS)
                .watermarks(network.lowWater(), network.highWater(), network.gracePeriod())
                .announce(network.announce())
                .appendAnnounce(network.appendAnnounce())
                .noAnnounce(network.noAnnounce())
                .dns(dns)
                .addressFilters(network.denied());
        if (network.swarmKey().isEmpty() && FORCED.equals(System.getenv(FORCE_PRIVATE))) {
            throw new NodeException("private network was not configured but is enforced by the environment: "
                    + FORCE_PRIVATE + " is " + FORCED + ", and the repo has no swarm.key");
        }
        network.swarmKey().ifPresent(builder::privateNetwork);
        builder.localDiscovery(network.mdns());
        if (options.store().isPresent()) {
            builder.datastore(new RecordsDatastore(repository.records("peers")));
        }
        return builder.start();
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    private <T extends ExecutorService> T executor(T pool) {
        opened.push(() -> {
            pool.shutdown();
            if (!pool.awaitTermination(10, TimeUnit.SECONDS)) {
                pool.shutdownNow();
            }
        });
        return pool;
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    public NodeOptions options() {
        return options;
    }

    public Codecs codecs() {
        return codecs;
    }

    public ExecutorService workers() {
        return workers;
    }

    public ExecutorService blocking() {
        return blocking;
    }

    public BlockRepository repository() {
        return repository;
    }

    public Importer importer() {
        return importer;
    }

    public PathResolver resolver() {
        return resolver;
    }

    public NameParts names() {
        return names;
    }

    public @Nullable Host host() {
        return host;
    }

    public RoutingParts routing() {
        return routing;
    }

    public @Nullable Bitswap bitswap() {
        return bitswap;
    }

    /** What is provided; {@code null} where nothing is. */
    public @Nullable ProvideFeed feed() {
        return feed;
    }

    public @Nullable Peering peering() {
        return peering;
    }

    /** Goes on past what fails to close; each failure is logged. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (AutoCloseable part = opened.poll(); part != null; part = opened.poll()) {
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("closing {} failed", part, e);
            }
        }
    }
}

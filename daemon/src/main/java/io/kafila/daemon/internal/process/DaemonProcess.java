package io.kafila.daemon.internal.process;

import io.kafila.blockstore.BlockRepository;
import io.kafila.daemon.internal.cli.RpcAddress;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.gateway.GatewayCounters;
import io.kafila.daemon.internal.local.MachineSecret;
import io.kafila.daemon.internal.rpc.RpcCounters;
import io.kafila.daemon.internal.rpc.RpcLimits;
import io.kafila.daemon.internal.rpc.RpcServer;
import io.kafila.daemon.internal.verbs.InitVerb;
import io.kafila.daemon.internal.verbs.Versions;
import io.kafila.multiformats.Multiaddr;
import io.kafila.node.KafilaNode;
import io.kafila.node.Repo;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon from its start to its end. Runs in the main thread; what it opened is closed in the reverse order. */
public final class DaemonProcess {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonProcess.class);

    private final Request request;
    private final Path repo;
    private final ConfigFile configFile;
    private final Console console;
    private final Map<String, String> variables;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicInteger signals = new AtomicInteger();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    public DaemonProcess(
            Request request, Path repo, ConfigFile configFile, Console console, Map<String, String> variables) {
        this.request = request;
        this.repo = repo;
        this.configFile = configFile;
        this.console = console;
        this.variables = variables;
    }

    /** Starts, says when it is ready, and returns when it has been stopped and all is closed. */
    public void run() throws Exception {
        say("Initializing daemon...");
        say("Kafila version: " + Versions.program());
        say("Kubo version: " + Versions.RPC);
        say("System version: " + Versions.system());
        say("Java version: " + System.getProperty("java.version"));
        Signals.onTermination(this::terminated);
        try {
            start();
            say("Daemon is ready");
            stop.await();
        } catch (Exception e) {
            console.println("");
            throw e;
        } finally {
            close();
        }
    }

    private void say(String line) throws IOException {
        console.println(line);
        console.rawOut().flush();
    }

    private void terminated() {
        if (signals.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(1);
        }
        console.println("Received interrupt signal, shutting down...");
        console.println("(Hit ctrl-c again to force-shutdown the daemon.)");
        stop.countDown();
    }

    private void start() throws Exception {
        if (!Repo.exists(repo)) {
            initialise();
        }
        String routing = request.text("routing", "default");
        Repo folder =
                routing.equals("default") ? Repo.read(repo) : Repo.read(repo).withRoutingType(routing);
        Config config = configFile.read();
        say("PeerID: " + config.peerId());
        boolean offline = request.flag("offline");
        KafilaNode node =
                KafilaNode.start(FixedNames.in(offline ? folder.offlineOptions() : folder.options(), variables));
        opened.push(node);
        if (!offline) {
            for (String line : NetworkNotice.lines(node.options().network())) {
                say(line);
            }
            for (Multiaddr address : node.swarm().host().listenAddresses()) {
                say("Swarm listening on " + address);
            }
        }
        serve(config, node);
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "daemon-tasks");
            thread.setDaemon(true);
            return thread;
        });
        opened.push(scheduler::shutdownNow);
        if (request.flag("enable-gc")) {
            collectRegularly(config, node, scheduler);
        }
        if (!offline) {
            scheduler.execute(() -> bootstrap(node));
        }
    }

    private void initialise() throws IOException {
        String profiles = request.text("init-profile", "");
        String given = request.text("init-config", "");
        if (given.isEmpty()) {
            InitVerb.initialise(repo, "ed25519", OptionalLong.empty(), profiles, console.rawOut());
        } else {
            InitVerb.create(repo, new ConfigFile(Path.of(given)).read(), profiles, console.rawOut());
        }
    }

    private void serve(Config config, KafilaNode node) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(1));
        opened.push(
                () -> vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
        RpcCounters counters = new RpcCounters();
        GatewayCounters gatewayCounters = new GatewayCounters();
        Metrics metrics = new Metrics(node, counters, gatewayCounters);
        opened.push(metrics);
        RepoEnvironment environment = RepoEnvironment.daemon(repo, configFile, variables, node, stop::countDown);
        Optional<MachineSecret> secret = MachineSecret.create(repo, new SecureRandom());
        secret.ifPresent(opened::push);
        RpcServer server = new RpcServer(
                vertx, request.root(), environment, config, RpcLimits.DEFAULT, counters, metrics::scrape, secret);
        opened.push(server);
        List<String> bound = new ArrayList<>();
        for (String text : config.texts("Addresses.API")) {
            bound.add(listen(server, text));
        }
        if (!bound.isEmpty()) {
            Path api = repo.resolve("api");
            Path temporary = Files.writeString(repo.resolve("api.tmp"), RpcAddress.dialable(bound.get(0)));
            Files.move(temporary, api, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            opened.push(() -> Files.deleteIfExists(api));
        }
        for (String address : bound) {
            say("RPC API server listening on " + address);
        }
        Gateways gateways = Gateways.open(vertx, config, node, repo, gatewayCounters);
        opened.push(gateways);
        for (String line : gateways.lines()) {
            say(line);
        }
    }

    /** The address that the server is bound to. */
    private static String listen(RpcServer server, String address) throws InterruptedException {
        RpcAddress parsed = RpcAddress.parse(address);
        if (parsed instanceof RpcAddress.Unix unix) {
            Request.await(server.listen(unix.file()));
            return address;
        }
        InetSocketAddress socket = Request.await(server.listen(((RpcAddress.Tcp) parsed).socketAddress()));
        return address.replaceFirst("/tcp/\\d+", "/tcp/" + socket.getPort());
    }

    /** Looks now and then whether the store is fuller than the watermark, as Kubo does with --enable-gc. */
    private void collectRegularly(Config config, KafilaNode node, ScheduledExecutorService scheduler) {
        long max = config.bytes("Datastore.StorageMax", Long.MAX_VALUE);
        long watermark = config.integer("Datastore.StorageGCWatermark", 90);
        Duration period = config.duration("Datastore.GCPeriod", Duration.ofHours(1));
        if (period.isZero() || period.isNegative()) {
            return;
        }
        scheduler.scheduleWithFixedDelay(
                () -> {
                    try {
                        BlockRepository.Stat stat = Request.await(node.storage().stat());
                        if (stat.diskBytes() > max / 100 * watermark) {
                            LOG.info("garbage collection: {} bytes on disk of {}", stat.diskBytes(), max);
                            Request.await(node.storage().collectGarbage(cid -> {}));
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        LOG.error("garbage collection failed", e);
                    }
                },
                period.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** A node with a DHT dials its bootstrap peers itself, and again as long as it needs them. */
    private static void bootstrap(KafilaNode node) {
        if (node.routing().dht().isPresent()) {
            return;
        }
        for (Multiaddr address : node.options().network().bootstrap()) {
            node.swarm().connect(address).whenComplete((connection, failure) -> {
                if (failure != null) {
                    LOG.debug("bootstrap peer {} cannot be reached", address, failure);
                }
            });
        }
    }

    private void close() {
        List<Exception> failures = new ArrayList<>();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                failures.add(e);
            }
        }
        failures.forEach(failure ->
                LOG.error("shutting down: {}", CommandException.of(failure).getMessage(), failure));
    }
}

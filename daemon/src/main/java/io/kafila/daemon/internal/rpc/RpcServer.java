package io.kafila.daemon.internal.rpc;

import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.local.FileOffer;
import io.kafila.daemon.internal.local.MachineSecret;
import io.kafila.dag.unixfs.ImportSource;
import io.kafila.node.config.Config;
import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a tree of commands over HTTP. Thread-safe. {@link #close} stops accepting, waits a moment for what runs, and gives
 * back its threads; it is idempotent.
 */
public final class RpcServer implements AutoCloseable {
    static final String PREFIX = "/api/v0/";
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Command root;
    private final RpcParser parser;
    private final Environment environment;
    private final Config config;
    private final RpcLimits limits;
    private final Authorizations authorizations;
    private final Supplier<String> metrics;
    private final @Nullable MachineSecret secret;
    private final RpcCounters counters;
    private final ThreadPoolExecutor workers;
    private final Places places;
    private final ConnectionGate gate;
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Path> socketFiles = new CopyOnWriteArrayList<>();
    private boolean closed;

    /**
     * @param config read once, for {@code API.HTTPHeaders} and {@code API.Authorizations}
     * @param metrics what {@code /debug/metrics/prometheus} answers
     * @param secret by which processes of this machine offer files that are read here; without one none is taken
     */
    public RpcServer(
            Vertx vertx,
            Command root,
            Environment environment,
            Config config,
            RpcLimits limits,
            RpcCounters counters,
            Supplier<String> metrics,
            Optional<MachineSecret> secret) {
        this.vertx = vertx;
        this.root = root;
        this.parser = new RpcParser(root);
        this.environment = environment;
        this.config = config;
        this.limits = limits;
        this.counters = counters;
        this.metrics = metrics;
        this.secret = secret.orElse(null);
        this.authorizations = Authorizations.of(config);
        AtomicInteger number = new AtomicInteger();
        this.gate = new ConnectionGate("connections", limits.connections(), limits.connectionsPerAddress());
        this.places = new Places(limits.concurrentRequests(), limits.patience().toNanos(), this::giveWay);
        // The places are the bound. A thread that has just given up its place is still on its way back.
        this.workers =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "rpc-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Listens on an address; the future gives the one that is bound, with its real port. */
    public synchronized CompletableFuture<InetSocketAddress> listen(InetSocketAddress address) {
        return listen(SocketAddress.inetSocketAddress(address.getPort(), address.getHostString()))
                .thenApply(port -> InetSocketAddress.createUnresolved(address.getHostString(), port));
    }

    /** Listens on a unix socket, which is removed at the end; a file that a dead server left there is replaced. */
    public synchronized CompletableFuture<Path> listen(Path socketFile) {
        try {
            if (Files.exists(socketFile, LinkOption.NOFOLLOW_LINKS)) {
                removeIfDead(socketFile);
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new CommandException("cannot listen on " + socketFile + ": " + e.getMessage(), e));
        }
        return listen(SocketAddress.domainSocketAddress(socketFile.toString())).thenApply(port -> {
            socketFiles.add(socketFile);
            return socketFile;
        });
    }

    private static void removeIfDead(Path socketFile) throws IOException {
        if (!Files.readAttributes(socketFile, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new BindException("it is there and is no socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(socketFile));
        } catch (ConnectException e) {
            // Nobody listens.
            Files.delete(socketFile);
            return;
        }
        throw new BindException("address already in use");
    }

    /** The future gives the port, where there is one. */
    private CompletableFuture<Integer> listen(SocketAddress address) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxInitialLineLength(limits.requestLineBytes())
                .setMaxChunkSize(BodyStream.PIECE_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true)
                .setReadIdleTimeout(0)
                .setIdleTimeout(0);
        HttpServer server = vertx.createHttpServer(options);
        servers.add(server);
        Endpoint endpoint = new Endpoint();
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            HeadDeadline deadline = HeadDeadline.of(context.request().connection());
            deadline.served();
            context.response().endHandler(ended -> deadline.answered());
            context.next();
        });
        router.route("/debug/metrics/prometheus").handler(context -> metrics(context.request()));
        router.route(PREFIX + "*").handler(context -> endpoint.handle(context.request()));
        router.route().handler(context -> plain(context.request(), 404, "404 page not found"));
        server.connectionHandler(this::connected);
        server.requestHandler(router);
        server.invalidRequestHandler(request -> {
            counters.malformed.increment();
            HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
        });
        return server.listen(address)
                .map(listening -> {
                    int port = address.isInetSocket() ? listening.actualPort() : 0;
                    endpoint.origins = new Origins(header("Access-Control-Allow-Origin"), port);
                    return port;
                })
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** On the event loop of the connection, before it is read. */
    private void connected(HttpConnection connection) {
        Channel channel = HeadDeadline.channel(connection);
        HeadDeadline deadline = new HeadDeadline(limits, counters);
        channel.pipeline().addFirst(deadline);
        InetAddress remote = channel.remoteAddress() instanceof InetSocketAddress socket
                        && !socket.getAddress().isLoopbackAddress()
                ? socket.getAddress()
                : null;
        gate.enter(remote)
                .ifPresentOrElse(
                        refusal -> {
                            counters.refusedConnections.increment();
                            deadline.refuse(503, "Service Unavailable", refusal);
                        },
                        () -> channel.closeFuture().addListener(gone -> gate.leave(remote)));
    }

    private void giveWay(Call call) {
        counters.slowClients.increment();
        call.giveWay("the client is too slow: its place was given to another, for all " + limits.concurrentRequests()
                + " were taken");
    }

    private List<String> header(String name) {
        for (String known : config.names("API.HTTPHeaders")) {
            if (known.equalsIgnoreCase(name)) {
                return config.texts("API.HTTPHeaders." + known);
            }
        }
        return List.of();
    }

    private void metrics(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            plain(request, 405, "405 - Method Not Allowed");
        } else if (!authorizations.permits(text(request, "Authorization"), request.path())) {
            counters.unauthorized.increment();
            plain(request, 403, Authorizations.DENIED);
        } else {
            HttpServerResponse response = request.response();
            response.putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            response.end(metrics.get());
        }
    }

    private static String text(HttpServerRequest request, String header) {
        @Nullable String value = request.getHeader(header);
        return value == null ? "" : value;
    }

    /** Answers with a line of text, as Go's http.Error does. */
    private static void plain(HttpServerRequest request, int status, String message) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status);
        response.putHeader("Content-Type", "text/plain; charset=utf-8");
        response.putHeader("X-Content-Type-Options", "nosniff");
        boolean whole = request.isEnded();
        if (!whole) {
            response.putHeader("Connection", "close");
        }
        response.end(Buffer.buffer(message + "\n")).onComplete(sent -> {
            if (!whole) {
                HeadDeadline.of(request.connection()).breakOffSoon();
            }
        });
    }

    /** One listening address: what depends on its port. */
    private final class Endpoint {
        private volatile Origins origins = new Origins(List.of(), 0);

        void handle(HttpServerRequest request) {
            counters.requests.increment();
            String origin = text(request, "Origin");
            cors(request, origin);
            if (request.method().equals(HttpMethod.OPTIONS)) {
                request.response().putHeader("Allow", "OPTIONS, POST").setStatusCode(204);
                request.response().end();
                return;
            }
            if (!authorizations.permits(text(request, "Authorization"), request.path())) {
                counters.unauthorized.increment();
                plain(request, 403, Authorizations.DENIED);
                return;
            }
            if (!request.method().equals(HttpMethod.POST)) {
                counters.badMethods.increment();
                request.response().putHeader("Allow", "OPTIONS, POST");
                plain(request, 405, "405 - Method Not Allowed");
                return;
            }
            if (!origins.permits(origin, text(request, "Referer"), text(request, "User-Agent"))) {
                counters.forbidden.increment();
                plain(request, 403, "403 - Forbidden");
                return;
            }
            dispatch(request);
        }

        private void cors(HttpServerRequest request, String origin) {
            HttpServerResponse response = request.response();
            response.putHeader("Vary", "Origin");
            if (origin.isEmpty() || !origins.isAllowed(origin)) {
                return;
            }
            response.putHeader("Access-Control-Allow-Origin", origins.allowsAll() ? "*" : origin);
            if (header("Access-Control-Allow-Credentials").contains("true")) {
                response.putHeader("Access-Control-Allow-Credentials", "true");
            }
            String wanted = text(request, "Access-Control-Request-Method");
            if (request.method().equals(HttpMethod.OPTIONS) && !wanted.isEmpty()) {
                List<String> methods = header("Access-Control-Allow-Methods");
                if ((methods.isEmpty() ? List.of("POST") : methods).contains(wanted.toUpperCase(Locale.ROOT))) {
                    response.putHeader("Access-Control-Allow-Methods", wanted.toUpperCase(Locale.ROOT));
                    String headers = text(request, "Access-Control-Request-Headers");
                    if (!headers.isEmpty()) {
                        response.putHeader("Access-Control-Allow-Headers", headers);
                    }
                }
            }
        }
    }

    /** Finds the command and hands the request to the pool; on the event loop. */
    private void dispatch(HttpServerRequest request) {
        String path = request.path().substring(Math.min(request.path().length(), PREFIX.length()));
        RpcParser.@Nullable Target target = parser.target(path).orElse(null);
        if (target == null) {
            counters.unknownCommands.increment();
            plain(request, 404, parser.isAbsent(path) ? "not available in this program yet" : "404 page not found");
            return;
        }
        Pace pace = new Pace(System::nanoTime, limits.longestStall().toNanos());
        Call call = new Call(pace, HeadDeadline.of(request.connection())::breakOff);
        BodyStream body = new BodyStream(request, limits.bufferedBytes(), pace);
        request.response().setWriteQueueMaxSize(limits.writeQueueBytes());
        body.start();
        Request parsed;
        try {
            parsed = parser.request(target, request.query(), upload(request, body));
            parsed.timeout().ifPresent(time -> {
                long timer =
                        vertx.setTimer(Math.max(1, time.toMillis()), fired -> call.cancel("context deadline exceeded"));
                request.response().bodyEndHandler(ended -> vertx.cancelTimer(timer));
            });
            parsed.encoding();
        } catch (RuntimeException e) {
            counters.badArguments.increment();
            body.discard();
            plain(request, 400, String.valueOf(CommandException.of(e).getMessage()));
            return;
        }
        request.connection().closeHandler(gone -> {
            if (!request.response().ended()) {
                counters.disconnects.increment();
                call.cancel("context canceled");
            }
        });
        if (!places.enter(call, () -> start(request, parsed, body, call))) {
            counters.overloads.increment();
            body.discard();
            request.response().putHeader("Retry-After", "1");
            plain(request, 503, "too many requests: " + limits.concurrentRequests() + " are running");
        }
    }

    private void start(HttpServerRequest request, Request parsed, BodyStream body, Call call) {
        try {
            workers.execute(() -> run(request, parsed, body, call));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} not run: the server is closed", parsed.path());
            HeadDeadline.of(request.connection()).breakOff();
            places.leave(call);
        }
    }

    /** The worker is done; the place is held until the client has taken the answer, which waits in memory. */
    private void depart(HttpServerRequest request, HttpEmitter emitter, Call call) {
        call.pace().begin();
        call.end();
        emitter.sent().onComplete(sent -> {
            places.leave(call);
            if (!request.isEnded()) {
                HeadDeadline.of(request.connection()).breakOffSoon();
            }
        });
        if (call.isSlow()) {
            // The error is for a client that does not read but writes; one that does not read will not take it.
            HeadDeadline.of(request.connection()).breakOffSoon();
        }
    }

    private @Nullable ImportSource upload(HttpServerRequest request, BodyStream body) {
        String type = text(request, "Content-Type");
        if (!HeaderParameters.value(type).toLowerCase(Locale.ROOT).equals("multipart/form-data")) {
            return null;
        }
        String boundary = HeaderParameters.parse(type).get("boundary");
        if (boundary == null) {
            throw CommandException.client("no multipart boundary param in Content-Type");
        }
        boolean here = !(HeadDeadline.channel(request.connection()).remoteAddress() instanceof InetSocketAddress remote)
                || remote.getAddress().isLoopbackAddress();
        return new MultipartUpload(body, boundary, limits.partHeaderBytes(), offer -> take(offer, here));
    }

    private Optional<FileChannel> take(String offer, boolean here) {
        MachineSecret known = secret;
        Optional<FileChannel> taken = known == null || !here ? Optional.empty() : FileOffer.take(offer, known);
        (taken.isPresent() ? counters.takenFiles : counters.declinedFiles).increment();
        return taken;
    }

    /** Runs a command and answers; in a thread of the pool. */
    private void run(HttpServerRequest request, Request parsed, BodyStream body, Call call) {
        call.begin();
        counters.running.increment();
        long logged = environment.requests().begin(parsed);
        HttpServerResponse response = request.response();
        for (String name : config.names("API.HTTPHeaders")) {
            if (!name.toLowerCase(Locale.ROOT).startsWith("access-control-allow-")) {
                response.putHeader(name, config.texts("API.HTTPHeaders." + name));
            }
        }
        HttpEmitter emitter = new HttpEmitter(
                response,
                body,
                call,
                parsed.encoding(),
                parsed.command().text(parsed).orElse(null));
        try {
            CommandException fault = fault(parsed);
            if (fault != null) {
                counters.badArguments.increment();
                emitter.reject(fault);
                return;
            }
            parsed.command().run(parsed, emitter, environment);
            emitter.end();
        } catch (Throwable e) {
            counters.failures.increment();
            CommandException failure = call.explain(e);
            LOG.debug("{} failed", parsed.path(), e);
            emitter.fail(failure);
        } finally {
            environment.requests().end(logged);
            counters.running.decrement();
            depart(request, emitter, call);
        }
    }

    /** What makes the arguments no call of the command; only now known, for some may come in the body. */
    private static @Nullable CommandException fault(Request parsed) throws IOException {
        try {
            parsed.check();
            return null;
        } catch (CommandException e) {
            return e;
        }
    }

    /** The root of the commands that are served. */
    public Command root() {
        return root;
    }

    public Map<String, Long> counterValues() {
        return counters.values();
    }

    @Override
    public void close() {
        List<HttpServer> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(servers);
        }
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        workers.shutdown();
        open.forEach(server -> closing.add(server.shutdown(DRAIN.toMillis(), TimeUnit.MILLISECONDS)
                .toCompletionStage()
                .toCompletableFuture()));
        try {
            CompletableFuture.allOf(closing.toArray(new CompletableFuture<?>[0]))
                    .get(DRAIN.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the RPC server did not close in time", e);
        }
        workers.shutdownNow();
        for (Path file : socketFiles) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("cannot remove the socket {}: {}", file, e.getMessage());
            }
        }
    }
}

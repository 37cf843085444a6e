package io.kafila.daemon.internal.gateway;

import io.kafila.daemon.internal.rpc.ConnectionGate;
import io.kafila.daemon.internal.rpc.HeadDeadline;
import io.kafila.node.config.Config;
import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of {@code Addresses.Gateway}. Thread-safe. {@link #close} stops accepting, waits a moment for what runs, and
 * is idempotent.
 */
public final class GatewayServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Config config;
    private final GatewayLimits limits;
    private final GatewayCounters counters;
    private final @Nullable RoutingApi routing;
    private final ConnectionGate gate;
    private final List<HttpServer> servers = new ArrayList<>();
    private boolean closed;

    /**
     * @param config read once, for {@code Gateway.HTTPHeaders}
     * @param routing {@code null} where it is not to be served
     */
    public GatewayServer(
            Vertx vertx, Config config, GatewayLimits limits, GatewayCounters counters, @Nullable RoutingApi routing) {
        this.vertx = vertx;
        this.config = config;
        this.limits = limits;
        this.counters = counters;
        this.routing = routing;
        this.gate = new ConnectionGate(
                "connections", limits.http().connections(), limits.http().connectionsPerAddress());
    }

    /** Listens on an address; the future gives the one that is bound, with its real port. */
    public synchronized CompletableFuture<InetSocketAddress> listen(InetSocketAddress address) {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                .setMaxHeaderSize(limits.http().headerBytes())
                .setMaxInitialLineLength(limits.http().requestLineBytes())
                .setHttp2ClearTextEnabled(false)
                .setTcpNoDelay(true)
                .setIdleTimeout(0));
        servers.add(server);
        server.connectionHandler(this::connected);
        server.requestHandler(router());
        return server.listen(SocketAddress.inetSocketAddress(address.getPort(), address.getHostString()))
                .map(listening -> InetSocketAddress.createUnresolved(address.getHostString(), listening.actualPort()))
                .toCompletionStage()
                .toCompletableFuture();
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            counters.requests.increment();
            HeadDeadline deadline = HeadDeadline.of(context.request().connection());
            deadline.served();
            context.response().endHandler(ended -> deadline.answered());
            headers(context.response());
            context.next();
        });
        if (routing != null) {
            routing.mount(router);
        }
        Consumer<RoutingContext> content = context -> Answers.text(
                context, 501, "content is not served by this program's gateway yet; use its command line or RPC");
        router.route("/ipfs/*").handler(content::accept);
        router.route("/ipns/*").handler(content::accept);
        router.route().handler(context -> Answers.text(context, 404, "404 page not found"));
        return router;
    }

    /** What the config adds to every answer, and that every site may read it. */
    private void headers(HttpServerResponse response) {
        response.putHeader("Access-Control-Allow-Origin", "*");
        response.putHeader("Access-Control-Allow-Methods", "GET, PUT, OPTIONS");
        response.putHeader("Access-Control-Allow-Headers", "Content-Type, Range, User-Agent, X-Requested-With");
        for (String name : config.names("Gateway.HTTPHeaders")) {
            response.putHeader(name, config.texts("Gateway.HTTPHeaders." + name));
        }
    }

    /** On the event loop of the connection, before it is read. */
    private void connected(HttpConnection connection) {
        Channel channel = HeadDeadline.channel(connection);
        HeadDeadline deadline = new HeadDeadline(limits.http(), counters.http);
        channel.pipeline().addFirst(deadline);
        InetAddress remote = stranger(channel.remoteAddress());
        gate.enter(remote)
                .ifPresentOrElse(
                        refusal -> {
                            counters.refusedConnections.increment();
                            deadline.refuse(503, "Service Unavailable", refusal);
                        },
                        () -> channel.closeFuture().addListener(gone -> gate.leave(remote)));
    }

    /** The address of a client on another machine; {@code null} for one on this. */
    static @Nullable InetAddress stranger(java.net.@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress socket
                        && !socket.getAddress().isLoopbackAddress()
                ? socket.getAddress()
                : null;
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
        CompletableFuture<?>[] closing = open.stream()
                .map(server -> server.shutdown(DRAIN.toMillis(), TimeUnit.MILLISECONDS)
                        .toCompletionStage()
                        .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(closing).get(DRAIN.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the gateway did not close in time", e);
        }
    }
}

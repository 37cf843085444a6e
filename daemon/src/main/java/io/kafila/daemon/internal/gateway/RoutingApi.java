package io.kafila.daemon.internal.gateway;

import io.kafila.daemon.internal.rpc.ConnectionGate;
import io.kafila.daemon.internal.rpc.HeadDeadline;
import io.kafila.delegated.PeerRecord;
import io.kafila.delegated.RoutingFilter;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import io.kafila.node.KafilaNode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delegated routing for others: what this node can find out, over HTTP (ipfs/specs http-routing-v1.md). Thread-safe.
 *
 * <p>Nothing found is no error but an empty answer (IPIP-513).
 */
public final class RoutingApi {
    private static final Logger LOG = LoggerFactory.getLogger(RoutingApi.class);
    private static final String PREFIX = "/routing/v1/";

    private final Vertx vertx;
    private final KafilaNode node;
    private final GatewayLimits limits;
    private final GatewayCounters counters;
    private final ConnectionGate searches;
    private final IpnsApi ipns;

    public RoutingApi(Vertx vertx, KafilaNode node, GatewayLimits limits, GatewayCounters counters) {
        this.vertx = vertx;
        this.node = node;
        this.limits = limits;
        this.counters = counters;
        this.searches = new ConnectionGate("requests", limits.requests(), limits.requestsPerAddress());
        this.ipns = new IpnsApi(node, limits, counters);
    }

    void mount(Router router) {
        router.options(PREFIX + "*")
                .handler(context -> context.response().setStatusCode(204).end());
        router.get(PREFIX + "providers/:cid").handler(this::providers);
        router.get(PREFIX + "peers/:peer").handler(this::peers);
        router.get(PREFIX + "dht/closest/peers/:key").handler(this::closestPeers);
        router.get(PREFIX + "ipns/:name").handler(context -> search(context, ipns::get));
        router.put(PREFIX + "ipns/:name").handler(context -> search(context, ipns::put));
        for (String known : new String[] {"providers", "peers", "ipns", "dht/closest/peers"}) {
            router.route(PREFIX + known + "*")
                    .handler(context -> Answers.text(
                            context,
                            context.request().method().equals(HttpMethod.GET) ? 400 : 501,
                            context.request().method() + " " + context.request().path() + " is not supported"));
        }
        router.route(PREFIX + "*")
                .handler(context -> Answers.text(
                        context, 400, "unknown path " + context.request().path()));
    }

    private void providers(RoutingContext context) {
        Cid cid;
        try {
            cid = Cid.parse(context.pathParam("cid"));
        } catch (MultiformatException e) {
            bad(context, "unable to parse CID: " + e.getMessage());
            return;
        }
        records(
                context,
                "Providers",
                true,
                found -> node.routing().findProviders(cid, limits.streamResults(), found, event -> {}));
    }

    private void peers(RoutingContext context) {
        PeerId peer;
        try {
            peer = peerId(context.pathParam("peer"));
        } catch (MultiformatException e) {
            bad(context, "unable to parse PeerID \"" + context.pathParam("peer") + "\": " + e.getMessage());
            return;
        }
        records(
                context,
                "Peers",
                true,
                found -> node.routing().findPeer(peer, event -> {}).thenAccept(provider -> provider.ifPresent(found)));
    }

    /** A peer id in any form; clients write its multihash as a Cid of another codec, too. */
    private static PeerId peerId(String text) {
        try {
            return PeerId.parse(text);
        } catch (MultiformatException e) {
            return PeerId.of(Cid.parse(text).multihash());
        }
    }

    private void closestPeers(RoutingContext context) {
        Multihash key;
        try {
            key = multihash(context.pathParam("key"));
        } catch (MultiformatException e) {
            bad(context, "unable to parse key \"" + context.pathParam("key") + "\": " + e.getMessage());
            return;
        }
        records(
                context,
                "Peers",
                false,
                found -> node.routing()
                        .dht()
                        .map(dht -> dht.closestPeers(key.bytes()).thenAccept(peers -> peers.forEach(found)))
                        .orElseGet(() -> CompletableFuture.failedFuture(
                                new IllegalStateException("GetClosestPeers not supported: DHT is not available"))));
    }

    private static Multihash multihash(String text) {
        try {
            return PeerId.parse(text).multihash();
        } catch (MultiformatException e) {
            return Cid.parse(text).multihash();
        }
    }

    private void bad(RoutingContext context, String message) {
        counters.badRequests.increment();
        Answers.text(context, 400, message);
    }

    /** @param filters whether the client may ask for some records only */
    private void records(
            RoutingContext context,
            String field,
            boolean filters,
            Function<Consumer<Provider>, CompletableFuture<Void>> find) {
        RecordAnswer answer;
        try {
            RoutingFilter filter = filters
                    ? RoutingFilter.parse(
                            context.request().getParam("filter-addrs"),
                            context.request().getParam("filter-protocols"))
                    : RoutingFilter.NONE;
            answer = RecordAnswer.of(context, limits, counters, field, filter);
        } catch (IllegalArgumentException e) {
            bad(context, String.valueOf(e.getMessage()));
            return;
        }
        search(context, loop -> {
            CompletableFuture<Void> done = new CompletableFuture<>();
            CompletableFuture<Void> finding = find.apply(provider -> loop.runOnContext(now -> {
                if (!answer.offer(PeerRecord.of(provider))) {
                    done.complete(null);
                }
            }));
            finding.whenComplete((nothing, fault) -> loop.runOnContext(now -> {
                if (fault == null) {
                    answer.end();
                } else {
                    LOG.debug("a search for {} failed", context.request().path(), fault);
                    answer.fail(message(fault));
                }
                done.complete(null);
            }));
            done.whenComplete((nothing, fault) -> {
                finding.cancel(false);
                loop.runOnContext(now -> answer.end());
            });
            return done;
        });
    }

    /** A piece of work for a request. Its future ends when the request is answered; cancelled, it answers with what it has. */
    @FunctionalInterface
    private interface Search {
        CompletableFuture<Void> start(RoutingContext context, Context loop);
    }

    private void search(RoutingContext context, Function<Context, CompletableFuture<Void>> work) {
        search(context, (request, loop) -> work.apply(loop));
    }

    private void search(RoutingContext context, Search work) {
        HttpServerRequest request = context.request();
        InetAddress client = GatewayServer.stranger(
                HeadDeadline.channel(request.connection()).remoteAddress());
        String refusal = searches.enter(client).orElse(null);
        if (refusal != null) {
            counters.refusedRequests.increment();
            context.response().putHeader("Retry-After", "5");
            Answers.text(context, 429, refusal);
            return;
        }
        CompletableFuture<Void> running;
        try {
            running = work.start(context, vertx.getOrCreateContext());
        } catch (RuntimeException e) {
            counters.failures.increment();
            LOG.debug("{} failed", request.path(), e);
            Answers.text(context, 500, message(e));
            running = CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> search = running;
        long timer = vertx.setTimer(limits.searchTime().toMillis(), late -> search.cancel(false));
        request.connection().closeHandler(gone -> search.cancel(false));
        search.whenComplete((nothing, fault) -> {
            vertx.cancelTimer(timer);
            searches.leave(client);
        });
    }

    /** What a client reads of a failure. */
    static String message(Throwable fault) {
        Throwable bare = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return "delegate error: " + (bare instanceof CancellationException ? "it took too long" : bare.getMessage());
    }
}

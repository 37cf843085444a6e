package io.kafila.daemon.internal.gateway;

import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.MultiformatException;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsRecord;
import io.kafila.naming.NamingException;
import io.kafila.naming.ResolveOptions;
import io.kafila.node.KafilaNode;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records of names, fetched and published for others. Confined to the event loops of its requests. */
final class IpnsApi {
    private static final int NOT_FOUND_SECONDS = 15;
    private static final int ETAG_BYTES = 8;

    private final KafilaNode node;
    private final ResolveOptions how;
    private final GatewayCounters counters;

    IpnsApi(KafilaNode node, GatewayLimits limits, GatewayCounters counters) {
        this.node = node;
        // The best record so far is known a little before the search is over.
        this.how = ResolveOptions.DEFAULT.withTimeout(
                limits.searchTime().multipliedBy(9).dividedBy(10));
        this.counters = counters;
    }

    CompletableFuture<Void> get(RoutingContext context, Context loop) {
        String accept = String.join(",", context.request().headers().getAll("Accept"));
        if (!accept.isEmpty() && !accept.contains("*/*") && !accept.contains(IpnsRecord.MEDIA_TYPE)) {
            return answered(
                    context,
                    406,
                    "content type in 'Accept' header is not supported, retry with '" + IpnsRecord.MEDIA_TYPE + "'");
        }
        IpnsName name = name(context);
        if (name == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Optional<IpnsRecord>> finding = node.names().record(name, how);
        return answer(context, loop, finding, found -> {
            if (found.isEmpty()) {
                Answers.cacheable(context.response(), NOT_FOUND_SECONDS);
                Answers.text(context, 200, "delegate error: routing: not found");
            } else {
                record(context.response(), name, found.get());
            }
        });
    }

    private static void record(HttpServerResponse response, IpnsName name, IpnsRecord record) {
        Instant now = Instant.now();
        byte[] bytes = record.bytes();
        byte[] digest = HashFunction.SHA2_256.digest(bytes).digest();
        response.putHeader("Content-Type", IpnsRecord.MEDIA_TYPE);
        response.putHeader("Etag", "\"" + HexFormat.of().formatHex(digest, 0, ETAG_BYTES) + "\"");
        response.putHeader("Expires", Answers.httpTime(record.validity()));
        response.putHeader("Last-Modified", Answers.httpTime(now));
        response.putHeader("Content-Disposition", "attachment; filename=\"" + name + ".ipns-record\"");
        response.putHeader("Vary", "Accept");
        Answers.cacheable(
                response,
                record.cacheableFor(now).toSeconds(),
                Duration.between(now, record.validity()).toSeconds());
        response.end(Buffer.buffer(bytes));
    }

    CompletableFuture<Void> put(RoutingContext context, Context loop) {
        HttpServerRequest request = context.request();
        @Nullable String type = request.getHeader("Content-Type");
        if (type == null || !type.contains(IpnsRecord.MEDIA_TYPE)) {
            return answered(
                    context,
                    406,
                    "content type in 'Content-Type' header is missing or not supported, retry with '"
                            + IpnsRecord.MEDIA_TYPE + "'");
        }
        IpnsName name = name(context);
        if (name == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Buffer body = Buffer.buffer();
        request.handler(piece -> {
            if (body.length() + piece.length() > IpnsRecord.MAX_BYTES) {
                request.handler(null);
                request.endHandler(null);
                refuse(context, "provided record is too long: more than " + IpnsRecord.MAX_BYTES + " bytes");
                done.complete(null);
            } else {
                body.appendBuffer(piece);
            }
        });
        request.endHandler(end -> {
            IpnsRecord record;
            try {
                record = IpnsRecord.decode(body.getBytes());
                record.verify(name, Instant.now());
            } catch (NamingException e) {
                refuse(context, "provided record is invalid: " + e.getMessage());
                done.complete(null);
                return;
            }
            CompletableFuture<Integer> putting = node.routing().values().putValue(name.routingKey(), record.bytes());
            done.whenComplete((nothing, fault) -> putting.cancel(false));
            answer(context, loop, putting, takers -> context.response().end())
                    .whenComplete((nothing, fault) -> done.complete(null));
        });
        request.exceptionHandler(fault -> done.complete(null));
        return done;
    }

    private void refuse(RoutingContext context, String message) {
        counters.refusedRecords.increment();
        Answers.text(context, 400, message);
    }

    private @Nullable IpnsName name(RoutingContext context) {
        try {
            return IpnsName.parse(context.pathParam("name"));
        } catch (MultiformatException e) {
            counters.badRequests.increment();
            Answers.text(context, 400, "unable to parse CID: " + e.getMessage());
            return null;
        }
    }

    private CompletableFuture<Void> answered(RoutingContext context, int status, String message) {
        counters.badRequests.increment();
        Answers.text(context, status, message);
        return CompletableFuture.completedFuture(null);
    }

    /** Answers on the loop once the work is done. The future ends then; cancelled, it gives the work up. */
    private <T> CompletableFuture<Void> answer(
            RoutingContext context, Context loop, CompletableFuture<T> work, Consumer<T> with) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        work.whenComplete((value, fault) -> loop.runOnContext(now -> {
            if (!context.response().ended() && !context.response().closed()) {
                if (fault == null) {
                    with.accept(value);
                } else {
                    counters.failures.increment();
                    Answers.text(context, 500, RoutingApi.message(fault));
                }
            }
            done.complete(null);
        }));
        done.whenComplete((nothing, fault) -> {
            if (done.isCancelled()) {
                work.cancel(false);
            }
        });
        return done;
    }
}

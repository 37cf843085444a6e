package io.kafila.daemon.internal.gateway;

import io.kafila.daemon.internal.rpc.HeadDeadline;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Short answers, and the headers that many have. */
final class Answers {
    private static final DateTimeFormatter HTTP_TIME =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    /** How long an old answer will do while a new one is being found: as long as the DHT keeps what it says. */
    private static final int STALE_SECONDS = 48 * 60 * 60;

    private static final int MAX_TEXT_CHARS = 1024;

    private Answers() {}

    /** A line of text. A request whose body was not read ends its connection. */
    static void text(RoutingContext context, int status, String message) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        boolean whole = context.request().isEnded() || !hasBody(context.request());
        response.setStatusCode(status);
        response.putHeader("Content-Type", "text/plain; charset=utf-8");
        response.putHeader("X-Content-Type-Options", "nosniff");
        if (!whole) {
            response.putHeader("Connection", "close");
        }
        response.end(message.substring(0, Math.min(message.length(), MAX_TEXT_CHARS)) + "\n")
                .onComplete(sent -> {
                    if (!whole) {
                        HeadDeadline.of(context.request().connection()).breakOffSoon();
                    }
                });
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains("Transfer-Encoding")
                || (request.headers().contains("Content-Length")
                        && !request.headers().contains("Content-Length", "0", false));
    }

    static void cacheable(HttpServerResponse response, long maxAgeSeconds) {
        cacheable(response, maxAgeSeconds, STALE_SECONDS);
    }

    static void cacheable(HttpServerResponse response, long maxAgeSeconds, long staleSeconds) {
        response.putHeader(
                "Cache-Control",
                "public, max-age=" + maxAgeSeconds + ", stale-while-revalidate=" + staleSeconds + ", stale-if-error="
                        + staleSeconds);
    }

    static String httpTime(Instant time) {
        return HTTP_TIME.format(time.atOffset(ZoneOffset.UTC));
    }
}

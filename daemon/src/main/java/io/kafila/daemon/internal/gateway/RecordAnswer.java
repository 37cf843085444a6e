package io.kafila.daemon.internal.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.Json;
import io.kafila.delegated.PeerRecord;
import io.kafila.delegated.RoutingFilter;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Answers with records of peers: in one piece, or each as it is found. Confined to the event loop of its connection.
 */
final class RecordAnswer {
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json";

    /** boxo's: what was found is believed for longer than that nothing was. */
    private static final int FOUND_SECONDS = 5 * 60;

    private static final int NOT_FOUND_SECONDS = 15;

    private final RoutingContext context;
    private final HttpServerResponse response;
    private final GatewayCounters counters;
    private final String field;
    private final boolean stream;
    private final int limit;
    private final RoutingFilter filter;
    private final ArrayNode list = JsonNodeFactory.instance.arrayNode();
    private final Set<PeerRecord> told = new HashSet<>();
    private boolean ended;

    private RecordAnswer(
            RoutingContext context,
            GatewayLimits limits,
            GatewayCounters counters,
            String field,
            RoutingFilter filter,
            boolean stream) {
        this.context = context;
        this.response = context.response();
        this.counters = counters;
        this.field = field;
        this.filter = filter;
        this.stream = stream;
        this.limit = stream ? limits.streamResults() : limits.jsonResults();
        response.setWriteQueueMaxSize(limits.writeQueueBytes());
    }

    /**
     * In the form that the client takes; in one piece where it does not say.
     *
     * @param field the list's name in an answer of one piece
     * @throws IllegalArgumentException if it takes neither form
     */
    static RecordAnswer of(
            RoutingContext context,
            GatewayLimits limits,
            GatewayCounters counters,
            String field,
            RoutingFilter filter) {
        String accept = String.join(",", context.request().headers().getAll("Accept"));
        boolean lines = false;
        boolean piece = accept.isEmpty();
        for (String type : accept.split(",", -1)) {
            String bare = type.replaceFirst(";.*", "").strip();
            lines |= bare.equals(NDJSON);
            piece |= bare.equals(JSON) || bare.equals("*/*");
        }
        if (!lines && !piece) {
            throw new IllegalArgumentException("no supported content types");
        }
        return new RecordAnswer(context, limits, counters, field, filter, lines);
    }

    /** Takes a record; whether more are wanted. */
    boolean offer(PeerRecord record) {
        if (ended) {
            return false;
        }
        filter.apply(record).filter(told::add).ifPresent(this::tell);
        if (told.size() >= limit) {
            end();
        }
        return !ended;
    }

    private void tell(PeerRecord record) {
        ObjectNode json = record.json();
        if (!stream) {
            list.add(json);
            return;
        }
        if (told.size() == 1) {
            head(NDJSON, FOUND_SECONDS);
            response.setChunked(true);
        }
        response.write(Json.write(json) + "\n");
        if (response.writeQueueFull()) {
            // A client that does not read gets what it has; the search is not held up for it.
            counters.slowClients.increment();
            end();
        }
    }

    private void head(String type, int maxAgeSeconds) {
        response.putHeader("Content-Type", type);
        response.putHeader("Vary", "Accept");
        response.putHeader("Last-Modified", Answers.httpTime(Instant.now()));
        Answers.cacheable(response, maxAgeSeconds);
    }

    /** No more will come. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (response.closed()) {
            return;
        }
        int maxAge = told.isEmpty() ? NOT_FOUND_SECONDS : FOUND_SECONDS;
        if (!stream) {
            head(JSON, maxAge);
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set(field, list);
            response.end(Json.write(body));
        } else {
            if (told.isEmpty()) {
                head(NDJSON, maxAge);
            }
            response.end();
        }
    }

    /** The search failed: what was found will do; where nothing was, the client hears of it. */
    void fail(String message) {
        if (ended) {
            return;
        }
        if (!told.isEmpty()) {
            end();
            return;
        }
        ended = true;
        counters.failures.increment();
        Answers.text(context, 500, message);
    }

    boolean isEnded() {
        return ended;
    }
}

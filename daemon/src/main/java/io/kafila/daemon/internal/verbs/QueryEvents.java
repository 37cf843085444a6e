package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Request;
import io.kafila.dht.QueryEvent;
import io.kafila.libp2p.routing.Provider;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Events of a query, taken on whatever thread they come from and emitted by the command's. What comes faster than it is read is left
 * out beyond a bound. Thread-safe but for {@link #emitUntil}.
 */
final class QueryEvents {
    private static final int MAX_WAITING = 10_000;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final BlockingQueue<Optional<JsonNode>> waiting = new LinkedBlockingQueue<>();

    /** How an event of one kind is printed. */
    @FunctionalInterface
    interface Line {
        void print(JsonNode event, boolean verbose, Console console);
    }

    void add(QueryEvent event) {
        add(json(event));
    }

    private void add(JsonNode event) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(Optional.of(event));
        }
    }

    /** Emits until the query is over; answers what came of it, or throws why it failed. */
    <T> T emitUntil(CompletableFuture<T> query, Emitter emitter) throws InterruptedException {
        query.whenComplete((result, error) -> waiting.add(Optional.empty()));
        try {
            for (Optional<JsonNode> event = waiting.take(); event.isPresent(); event = waiting.take()) {
                emitter.emit(event.get());
            }
        } finally {
            query.cancel(true); // a client that went away ends the search
        }
        return Request.await(query);
    }

    /** As Kubo writes it: sorted fields, an empty text for no peer. */
    static JsonNode json(QueryEvent event) {
        return Json.object(
                "Extra",
                event.extra(),
                "ID",
                event.peer() == null ? "" : event.peer(),
                "Responses",
                responses(event.responses()),
                "Type",
                event.kind().number());
    }

    private static @Nullable List<JsonNode> responses(List<Provider> peers) {
        return peers.isEmpty()
                ? null
                : peers.stream()
                        .map(each -> (JsonNode) Json.object("ID", each.peer(), "Addrs", each.addresses()))
                        .toList();
    }

    /** Prints an event as Kubo does, apart from kinds that the command prints its own way. */
    static void print(Request request, JsonNode event, Console console, Map<QueryEvent.Kind, Line> own) {
        boolean verbose = request.flag("verbose");
        if (verbose) {
            console.print(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + ": ");
        }
        QueryEvent.Kind kind = QueryEvent.Kind.byNumber(event.path("Type").asInt());
        Line line = kind == null ? null : own.get(kind);
        if (line != null) {
            line.print(event, verbose, console);
        } else if (kind == QueryEvent.Kind.VALUE && !verbose) {
            console.print(event.path("Extra").asText());
        } else if (verbose) {
            console.print(text(kind, event));
        }
    }

    private static String text(QueryEvent.@Nullable Kind kind, JsonNode event) {
        String peer = event.path("ID").asText();
        if (kind == null) {
            return "unrecognized event type: " + event.path("Type").asInt() + "\n";
        }
        return switch (kind) {
            case SENDING_QUERY -> "* querying " + peer + "\n";
            case PEER_RESPONSE -> {
                StringBuilder line = new StringBuilder("* " + peer + " says use ");
                event.path("Responses")
                        .forEach(each -> line.append(each.path("ID").asText()).append(' '));
                yield line.append('\n').toString();
            }
            case QUERY_ERROR -> "error: " + event.path("Extra").asText() + "\n";
            case VALUE -> "got value: '" + event.path("Extra").asText() + "'\n";
            case ADDING_PEER -> "adding peer to query: " + peer + "\n";
            case DIALING_PEER -> "dialing peer: " + peer + "\n";
            case FINAL_PEER -> "";
            case PROVIDER -> "unrecognized event type: 4\n";
        };
    }
}

package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.Status;
import io.kafila.dht.Dht;
import io.kafila.dht.DhtTable;
import io.kafila.dht.QueryEvent;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.node.KafilaNode;
import io.kafila.node.config.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code dht} and {@code stats dht}: the DHT by hand. */
final class DhtVerb {
    private static final String NO_DHT = "routing service is not a DHT";

    private DhtVerb() {}

    static Command command() {
        return Command.named("dht", "Ask the DHT by hand.")
                .status(Status.DEPRECATED)
                .description("What Kubo keeps of its older commands: 'kafila routing' has the others.")
                .has(
                        query(),
                        removed("findprovs"),
                        removed("findpeer"),
                        removed("get"),
                        removed("put"),
                        removed("provide"))
                .build();
    }

    private static Command removed(String name) {
        return Command.named(name, "Removed, use 'kafila routing' instead.")
                .status(Status.REMOVED)
                .description("Removed: 'kafila routing " + name + "' is what it was.")
                .does((request, emitter, environment) -> {
                    throw new CommandException("removed, use 'kafila routing' instead");
                })
                .build();
    }

    private static Command query() {
        return Command.named("query", "Find the servers nearest to a peer.")
                .status(Status.DEPRECATED)
                .description("Prints the ids of the servers of the DHT that are nearest to a peer's id, nearest first.")
                .takes(Argument.text("peerID", "Id of the peer, which need not exist.")
                        .many())
                .options(Option.flag("Print what happens on the way.", "verbose", "v"))
                .does(DhtVerb::query)
                .prints((request, event, console) -> QueryEvents.print(
                        request,
                        event,
                        console,
                        Map.of(
                                QueryEvent.Kind.FINAL_PEER,
                                (peer, verbose, to) ->
                                        to.println(peer.path("ID").asText()))))
                .build();
    }

    private static void query(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        Dht dht = environment.node().routing().dht().orElseThrow(() -> new CommandException(NO_DHT));
        PeerId peer;
        try {
            peer = PeerId.parse(request.argument(0));
        } catch (MultiformatException e) {
            throw CommandException.client("invalid peer ID");
        }
        QueryEvents events = new QueryEvents();
        events.emitUntil(
                dht.closestPeers(
                        peer.bytes(),
                        event -> events.add(
                                event.kind() == QueryEvent.Kind.FINAL_PEER
                                        ? QueryEvent.of(event.kind(), event.peer())
                                        : event)),
                emitter);
    }

    static Command stat() {
        return Command.named("dht", "Print the routing tables.")
                .description("""
                        Prints whom this node knows of the public DHT (wan) and of that of the local network (lan), bucket
                        by bucket; @ marks those that are connected.

                          > kafila stats dht lan""")
                .takes(Argument.text("dht", "wan or lan; wanserver and lanserver mean the same. Default: both.")
                        .optional()
                        .many())
                .does(DhtVerb::stat)
                .prints((request, value, console) -> print(value, console))
                .build();
    }

    private static void stat(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        KafilaNode node = Peers.online(environment);
        Dht dht = node.routing().dht().orElseThrow(() -> new CommandException(NO_DHT));
        List<String> names = request.arguments().isEmpty() ? List.of("wan", "lan") : request.arguments();
        List<DhtTable> tables = Request.await(dht.tables());
        for (String name : names) {
            DhtTable table = switch (name) {
                case "wan", "wanserver" -> tables.get(0);
                case "lan", "lanserver" -> tables.get(1);
                default -> throw CommandException.client("unknown dht type: " + name);
            };
            emitter.emit(Json.object(
                    "Name", name, "Buckets", buckets(table, node.swarm().host())));
        }
    }

    private static List<JsonNode> buckets(DhtTable table, Host host) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<List<JsonNode>> peers = new ArrayList<>();
        for (DhtTable.Row row : table.rows()) {
            while (peers.size() <= row.bucket()) {
                peers.add(new ArrayList<>());
            }
            String answered = now.minus(row.sinceAnswered())
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
            peers.get(row.bucket())
                    .add(Json.object(
                            "ID",
                            row.peer(),
                            "Connected",
                            !host.connections(row.peer()).isEmpty(),
                            "AgentVersion",
                            host.peerstore()
                                    .info(row.peer())
                                    .map(IdentifyInfo::agentVersion)
                                    .map(Peers::foreign)
                                    .orElse(""),
                            "LastUsefulAt",
                            answered,
                            "LastQueriedAt",
                            answered));
        }
        List<JsonNode> buckets = new ArrayList<>();
        String refreshed = table.sinceRefreshed()
                .map(ago -> now.minus(ago).truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse("");
        for (List<JsonNode> bucket : peers) {
            buckets.add(Json.object("LastRefresh", refreshed, "Peers", bucket.isEmpty() ? null : bucket));
        }
        return buckets;
    }

    private static void print(JsonNode value, Console console) {
        Instant now = Instant.now();
        int count = 0;
        for (JsonNode bucket : value.path("Buckets")) {
            count += bucket.path("Peers").size();
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("DHT " + value.path("Name").asText() + " (" + count + " peers):", "", "", ""));
        int index = 0;
        for (JsonNode bucket : value.path("Buckets")) {
            JsonNode peers = bucket.path("Peers");
            rows.add(List.of(
                    String.format(
                            "  Bucket %2d (%d peers) - refreshed %s:",
                            index++,
                            peers.size(),
                            since(bucket.path("LastRefresh").asText(), now)),
                    "",
                    "",
                    ""));
            rows.add(List.of("    Peer", "last useful", "last queried", "Agent Version"));
            for (JsonNode peer : peers) {
                rows.add(List.of(
                        "  " + (peer.path("Connected").asBoolean() ? "@" : " ") + " "
                                + peer.path("ID").asText(),
                        since(peer.path("LastUsefulAt").asText(), now),
                        since(peer.path("LastQueriedAt").asText(), now),
                        peer.path("AgentVersion").asText()));
            }
            rows.add(List.of("", "", "", ""));
        }
        // Two spaces between columns, as Kubo has them: one of the table, one of the cell.
        console.print(Table.text(
                rows.stream()
                        .map(row -> List.of(row.get(0) + " ", row.get(1) + " ", row.get(2) + " ", row.get(3)))
                        .toList(),
                4));
    }

    /** Such as {@code 2m3s ago}. */
    private static String since(String time, Instant now) {
        return time.isEmpty()
                ? "never"
                : Units.text(Duration.ofSeconds(
                                Duration.between(Instant.parse(time), now).toSeconds())) + " ago";
    }
}

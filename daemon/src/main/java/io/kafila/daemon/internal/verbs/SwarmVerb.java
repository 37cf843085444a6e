package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.ResourceManager;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.node.config.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code swarm}: connections and addresses. */
final class SwarmVerb {
    private SwarmVerb() {}

    static Command command() {
        return Command.named("swarm", "Interact with the swarm.")
                .description(
                        "The swarm is the part of the node that listens for, opens and keeps connections to peers.")
                .has(
                        peers(),
                        connect(),
                        disconnect(),
                        addrs(),
                        SwarmFilters.command(),
                        SwarmPeering.command(),
                        resources())
                .build();
    }

    static void printStrings(JsonNode value, Console console) {
        value.path("Strings").forEach(text -> console.println(Human.printable(text.asText())));
    }

    /** Peers with their addresses, in the order given; several addresses of one peer come together. */
    static Map<PeerId, List<Multiaddr>> peers(List<String> texts) {
        Map<PeerId, List<Multiaddr>> peers = new LinkedHashMap<>();
        for (String text : texts) {
            Multiaddr address = Multiaddr.parse(text);
            PeerId peer = address.peerId().orElseThrow(() -> new CommandException("invalid p2p multiaddr: " + text));
            peers.computeIfAbsent(peer, first -> new ArrayList<>()).add(address.withoutPeerId());
        }
        return peers;
    }

    private static Command peers() {
        return Command.named("peers", "List peers with open connections.")
                .description("Lists the address of every open connection; the options add what is known of it.")
                .options(
                        Option.flag("display all extra information", "verbose", "v"),
                        Option.flag("Also list information about open streams for each peer", "streams"),
                        Option.flag("Also list information about latency to each peer", "latency"),
                        Option.flag("Also list information about the direction of connection", "direction"),
                        Option.flag("Also list information about peers identify", "identify"))
                .does(SwarmVerb::listPeers)
                .prints((request, value, console) -> value.path("Peers").forEach(peer -> print(peer, console)))
                .build();
    }

    private static void listPeers(Request request, Emitter emitter, Environment environment) {
        Host host = environment.node().swarm().host();
        boolean verbose = request.flag("verbose");
        List<JsonNode> peers = new ArrayList<>();
        for (Connection connection : host.connections()) {
            ObjectNode peer = Json.object(
                    "Addr", connection.remoteAddress().withoutPeerId(),
                    "Peer", connection.remotePeer());
            if (verbose || request.flag("latency")) {
                long nanos = connection.roundTripNanos();
                peer.put("Latency", nanos == 0 ? "n/a" : Units.text(Duration.ofNanos(nanos)));
            }
            if (verbose || request.flag("direction")) {
                peer.put("Direction", connection.direction() == Connection.Direction.INBOUND ? 1 : 2);
            }
            if (verbose || request.flag("streams")) {
                List<JsonNode> streams = new ArrayList<>();
                connection.streams().stream()
                        .map(stream -> Human.printable(stream.protocol()))
                        .sorted()
                        .forEach(protocol -> streams.add(Json.object("Protocol", protocol)));
                peer.set("Streams", Json.array(streams));
            }
            boolean identify = verbose || request.flag("identify");
            PeerId id = connection.remotePeer();
            peer.set("Identify", identify ? PeerInfo.of(host, id, id.toString()) : PeerInfo.nothing());
            peers.add(peer);
        }
        peers.sort(Comparator.comparing(peer -> peer.path("Addr").asText()));
        emitter.emitOnce(Json.object("Peers", peers.isEmpty() ? null : peers));
    }

    private static void print(JsonNode peer, Console console) {
        StringBuilder line = new StringBuilder(peer.path("Addr").asText())
                .append("/p2p/")
                .append(peer.path("Peer").asText());
        if (peer.has("Latency")) {
            line.append(' ').append(peer.path("Latency").asText());
        }
        int direction = peer.path("Direction").asInt();
        if (direction > 0) {
            line.append(direction == 1 ? " inbound" : " outbound");
        }
        console.println(line.toString());
        for (JsonNode stream : peer.path("Streams")) {
            String protocol = stream.path("Protocol").asText();
            console.println("  " + (protocol.isEmpty() ? "<no protocol name>" : protocol));
        }
    }

    private static Command connect() {
        return Command.named("connect", "Open connection to a given peer.")
                .description("""
                        Connects to peers at their addresses, which end in the id of the peer:

                          kafila swarm connect /ip4/203.0.113.7/tcp/4001/p2p/12D3KooW...""")
                .takes(Argument.text("address", "Address of peer to connect to.")
                        .many()
                        .orStdin())
                .does(SwarmVerb::connect)
                .prints((request, value, console) -> printStrings(value, console))
                .build();
    }

    private static void connect(Request request, Emitter emitter, Environment environment)
            throws IOException, InterruptedException {
        Host host = environment.node().swarm().host();
        List<String> output = new ArrayList<>();
        for (Map.Entry<PeerId, List<Multiaddr>> peer :
                peers(request.allArguments()).entrySet()) {
            String line = "connect " + peer.getKey();
            List<Multiaddr> addresses = peer.getValue().stream()
                    .filter(address -> !address.isEmpty())
                    .toList();
            try {
                Request.await(host.connect(peer.getKey(), addresses));
            } catch (RuntimeException e) {
                throw new CommandException(
                        line + " failure: " + CommandException.of(e).getMessage(), e);
            }
            output.add(line + " success");
        }
        emitter.emitOnce(Json.object("Strings", output));
    }

    private static Command disconnect() {
        return Command.named("disconnect", "Close connection to a given address.")
                .description("Closes the connections to a peer. The node connects again when it needs the peer.")
                .takes(Argument.text("address", "Address of peer to disconnect from.")
                        .many()
                        .orStdin())
                .does((request, emitter, environment) -> {
                    Host host = environment.node().swarm().host();
                    List<String> output = new ArrayList<>();
                    for (PeerId peer : peers(request.allArguments()).keySet()) {
                        boolean connected = !host.connections(peer).isEmpty();
                        Request.await(host.disconnect(peer));
                        output.add("disconnect " + peer + (connected ? " success" : " failure: not connected"));
                    }
                    emitter.emitOnce(Json.object("Strings", output));
                })
                .prints((request, value, console) -> printStrings(value, console))
                .build();
    }

    private static Command addrs() {
        return Command.named("addrs", "List known addresses. Useful for debugging.")
                .description("Lists the addresses of all peers that the node knows of.")
                .has(
                        Command.named("local", "List local addresses.")
                                .description("Lists the addresses that the node announces.")
                                .options(Option.flag("Show peer ID in addresses.", "id"))
                                .does((request, emitter, environment) -> {
                                    Host host = environment.node().swarm().host();
                                    String end = request.flag("id") ? "/p2p/" + host.peerId() : "";
                                    emitter.emitOnce(strings(host.addresses(), end));
                                })
                                .prints((request, value, console) -> printStrings(value, console))
                                .build(),
                        Command.named("listen", "List interface listening addresses.")
                                .description("Lists the addresses that the node is bound to.")
                                .does((request, emitter, environment) -> emitter.emitOnce(strings(
                                        environment.node().swarm().host().listenAddresses(), "")))
                                .prints((request, value, console) -> printStrings(value, console))
                                .build(),
                        Absent.command("autonat", "Show the reachability that AutoNAT found."))
                .does((request, emitter, environment) -> {
                    Host host = environment.node().swarm().host();
                    ObjectNode addresses = Json.object();
                    for (PeerId peer : host.peerstore().peers()) {
                        addresses.set(
                                peer.toString(), Json.array(host.peerstore().addresses(peer)));
                    }
                    emitter.emitOnce(Json.object("Addrs", addresses));
                })
                .prints((request, value, console) -> {
                    Map<String, JsonNode> sorted = new TreeMap<>();
                    value.path("Addrs").properties().forEach(peer -> sorted.put(peer.getKey(), peer.getValue()));
                    sorted.forEach((peer, addresses) -> {
                        console.println(peer + " (" + addresses.size() + ")");
                        addresses.forEach(address -> console.println("\t" + address.asText()));
                    });
                })
                .build();
    }

    private static JsonNode strings(List<Multiaddr> addresses, String end) {
        return Json.object(
                "Strings",
                PeerInfo.listOrNull(
                        addresses.stream().map(address -> address + end).toList()));
    }

    private static Command resources() {
        return Command.named("resources", "Get a summary of all resources accounted for by the Resource Manager.")
                .description("Lists what strangers take of the node, by scope: connections, streams and memory, and how"
                        + "\noften more was refused.")
                .status(Status.EXPERIMENTAL)
                .does((request, emitter, environment) -> {
                    ObjectNode scopes = Json.object();
                    Map<String, ResourceManager.Usage> usage =
                            environment.node().swarm().host().resources().usage();
                    new TreeMap<>(usage)
                            .forEach((scope, use) -> scopes.set(
                                    scope,
                                    Json.object(
                                            "ConnsUsage", use.connections(),
                                            "StreamsInboundUsage", use.inboundStreams(),
                                            "StreamsOutboundUsage", use.outboundStreams(),
                                            "MemoryUsage", use.memoryBytes(),
                                            "Refusals", use.refusals())));
                    emitter.emitOnce(scopes);
                })
                .prints((request, value, console) -> {
                    List<List<String>> rows = new ArrayList<>();
                    rows.add(List.of("Scope", "Conns", "StreamsIn", "StreamsOut", "Memory", "Refusals"));
                    for (Map.Entry<String, JsonNode> scope : value.properties()) {
                        List<String> row = new ArrayList<>(List.of(scope.getKey()));
                        scope.getValue().forEach(number -> row.add(number.asText()));
                        rows.add(row);
                    }
                    console.print(Table.text(rows, 8));
                })
                .build();
    }
}

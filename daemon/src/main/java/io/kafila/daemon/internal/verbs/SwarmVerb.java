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
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.Libp2pException;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.node.config.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code swarm}: connections and addresses. */
final class SwarmVerb {
    private SwarmVerb() {}

    static Command command() {
        return Command.named("swarm", "Connect to peers and see who is connected.")
                .description(
                        "The swarm is the part of the node that listens for, opens and keeps connections to peers.")
                .has(
                        peers(),
                        connect(),
                        disconnect(),
                        SwarmAddresses.command(),
                        SwarmFilters.command(),
                        SwarmPeering.command(),
                        SwarmResources.command())
                .build();
    }

    static void printStrings(JsonNode value, Console console) {
        value.path("Strings").forEach(text -> console.println(Human.printable(text.asText())));
    }

    private static Command peers() {
        return Command.named("peers", "List open connections.")
                .description("Lists the address of every open connection; the options add what is known of it.")
                .options(
                        Option.flag("All that the other options show.", "verbose", "v"),
                        Option.flag("The protocols of open streams.", "streams"),
                        Option.flag("The round trip time, where it was measured.", "latency"),
                        Option.flag("Which side opened the connection.", "direction"),
                        Option.flag(
                                "What the peer says of itself: program, protocols, addresses. In JSON only.",
                                "identify"))
                .does(SwarmVerb::listPeers)
                .prints((request, value, console) -> value.path("Peers").forEach(peer -> print(peer, console)))
                .build();
    }

    private static void listPeers(Request request, Emitter emitter, Environment environment) {
        Host host = Peers.online(environment).swarm().host();
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
                        .map(stream -> Peers.foreign(stream.protocol()))
                        .sorted()
                        .forEach(protocol -> streams.add(Json.object("Protocol", protocol)));
                if (!streams.isEmpty()) {
                    peer.set("Streams", Json.array(streams));
                }
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
        return Command.named("connect", "Connect to peers.")
                .description("""
                        Connects to peers at their addresses, which end in the id of the peer:

                          > kafila swarm connect /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...
                          connect 12D3KooW... success

                        'kafila id' on the other machine prints its addresses.""")
                .takes(Argument.text("address", "Address that ends in the id of the peer.")
                        .many()
                        .orStdin())
                .does(SwarmVerb::connect)
                .prints((request, value, console) -> printStrings(value, console))
                .build();
    }

    private static void connect(Request request, Emitter emitter, Environment environment)
            throws IOException, InterruptedException {
        Host host = Peers.online(environment).swarm().host();
        List<String> output = new ArrayList<>();
        Map<PeerId, List<Multiaddr>> peers = Peers.byPeer(Peers.dialable(request.allArguments()));
        for (Map.Entry<PeerId, List<Multiaddr>> peer : peers.entrySet()) {
            String line = "connect " + peer.getKey();
            if (peer.getKey().equals(host.peerId())) {
                throw new CommandException(line + " failure: failed to dial: dial to self attempted");
            }
            try {
                Request.await(host.connect(peer.getKey(), Peers.transports(peer.getValue())));
            } catch (Libp2pException e) {
                throw new CommandException(line + " failure: failed to dial: " + e.getMessage(), e);
            }
            output.add(line + " success");
        }
        emitter.emitOnce(Json.object("Strings", output));
    }

    private static Command disconnect() {
        return Command.named("disconnect", "Close connections.")
                .description(
                        "Closes the connection with an address, or with /p2p/<id> all connections to a peer. The node"
                                + "\nconnects again when it needs the peer.")
                .takes(Argument.text(
                                "address",
                                "Address of the connection, with the id of the peer at its end, or /p2p/<id>.")
                        .many()
                        .orStdin())
                .does(SwarmVerb::disconnect)
                .prints((request, value, console) -> printStrings(value, console))
                .build();
    }

    private static void disconnect(Request request, Emitter emitter, Environment environment)
            throws IOException, InterruptedException {
        Host host = Peers.online(environment).swarm().host();
        List<String> output = new ArrayList<>();
        Map<PeerId, List<Multiaddr>> peers = Peers.byPeer(Peers.dialable(request.allArguments()));
        for (Map.Entry<PeerId, List<Multiaddr>> peer : peers.entrySet()) {
            for (Multiaddr address : peer.getValue()) {
                String failure = disconnect(host, peer.getKey(), address);
                output.add("disconnect " + peer.getKey() + (failure.isEmpty() ? " success" : " failure: " + failure));
            }
        }
        emitter.emitOnce(Json.object("Strings", output));
    }

    /** Why there was nothing to close; empty where there was. */
    private static String disconnect(Host host, PeerId peer, Multiaddr address) throws InterruptedException {
        List<Connection> connections = host.connections(peer);
        if (address.isEmpty()) {
            Request.await(host.disconnect(peer));
            return connections.isEmpty() ? "not connected" : "";
        }
        Optional<Connection> found = connections.stream()
                .filter(connection -> connection.remoteAddress().withoutPeerId().equals(address))
                .findFirst();
        found.ifPresent(Connection::close);
        return found.isPresent() ? "" : "conn not found";
    }
}

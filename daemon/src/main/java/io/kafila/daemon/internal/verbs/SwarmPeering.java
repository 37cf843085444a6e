package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Json;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.node.Peering;
import java.util.ArrayList;
import java.util.List;

/** {@code swarm peering}: peers that are kept connected. */
final class SwarmPeering {
    private SwarmPeering() {}

    static Command command() {
        return Command.named("peering", "Peers to stay connected to.")
                .description("""
                        Peers that are peered with are kept connected: they are protected from trimming and dialed again
                        when they are lost. Changes last until the daemon stops; Peering.Peers of the config holds
                        those that it starts with.""")
                .has(add(), ls(), rm())
                .build();
    }

    private static Command add() {
        return Command.named("add", "Stay connected to more peers.")
                .description("Connects to peers and keeps them connected.")
                .takes(Argument.text(
                                "address",
                                "Address that ends in the id of the peer, such as /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...")
                        .many())
                .does((request, emitter, environment) -> {
                    Peering peering = Peers.online(environment).swarm().peering();
                    List<Multiaddr> given =
                            request.arguments().stream().map(Peers::address).toList();
                    Peers.byPeer(given).forEach((peer, addresses) -> {
                        peering.add(new Peering.Peer(peer, Peers.transports(addresses)));
                        emitter.emit(Json.object("ID", peer, "Status", "success"));
                    });
                })
                .prints((request, value, console) -> console.println("add "
                        + value.path("ID").asText() + " " + value.path("Status").asText()))
                .build();
    }

    private static Command ls() {
        return Command.named("ls", "List these peers.")
                .description("Prints the id and the given addresses of each peer to which this node stays connected.")
                .does((request, emitter, environment) -> {
                    List<JsonNode> peers = new ArrayList<>();
                    for (Peering.Peer peer :
                            Peers.online(environment).swarm().peering().list()) {
                        peers.add(Json.object("ID", peer.id(), "Addrs", peer.addresses()));
                    }
                    emitter.emitOnce(Json.object("Peers", peers));
                })
                .prints((request, value, console) -> value.path("Peers").forEach(peer -> {
                    console.println(peer.path("ID").asText());
                    peer.path("Addrs").forEach(address -> console.println("\t" + address.asText()));
                }))
                .build();
    }

    private static Command rm() {
        return Command.named("rm", "Let peers go.")
                .description("Stops keeping peers connected; open connections stay.")
                .takes(Argument.text("ID", "Id of the peer.").many())
                .does((request, emitter, environment) -> {
                    Peering peering = Peers.online(environment).swarm().peering();
                    for (String text : request.arguments()) {
                        PeerId peer = Peers.parse(text);
                        peering.remove(peer);
                        emitter.emit(Json.object("ID", peer, "Status", "success"));
                    }
                })
                .prints((request, value, console) -> console.println("remove "
                        + value.path("ID").asText() + " " + value.path("Status").asText()))
                .build();
    }
}

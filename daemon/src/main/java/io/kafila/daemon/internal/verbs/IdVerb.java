package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.PeerId;
import io.kafila.node.KafilaNode;
import java.util.ArrayList;
import java.util.List;

/** {@code id}: who a peer is. */
final class IdVerb {
    private static final String NEEDS_DAEMON = "'ipfs id' cannot query information on remote peers without a running"
            + " daemon; if you only want to convert --peerid-base, pass --offline option";

    private IdVerb() {}

    static Command command() {
        return Command.named("id", "Show who this node or another peer is.")
                .description("""
                        Prints who this node, or another peer, is: id, key, addresses, program and protocols. A format
                        picks parts of it:

                          <id>         the peer's id
                          <aver>       the version of its program
                          <pubkey>     its public key
                          <addrs>      its addresses, one per line
                          <protocols>  the protocols it speaks, one per line

                          > kafila id -f='<addrs>\\n'             # what another node connects to
                          > kafila id -f='<aver>\\n' 12D3KooW...  # what another peer runs""")
                .takes(Argument.text("peerid", "Id of another peer, to which the daemon connects. Default: this node.")
                        .optional())
                .options(
                        Option.text(
                                "What to print, with the names below in it. Default: everything, as JSON.",
                                "format",
                                "f"),
                        Option.text(
                                        "How peer ids are written: b58mh is the usual form (12D3KooW..., Qm...); the name"
                                                + " or the letter of a base, such as base36 or k, gives them as CIDs.",
                                        "peerid-base")
                                .withDefault("b58mh"))
                .does(IdVerb::id)
                .prints((request, value, console) -> {
                    if (request.given("format")) {
                        console.print(formatted(request.text("format", ""), value));
                    } else {
                        console.println(Json.indented(value, "\t") + "\n");
                    }
                })
                .build();
    }

    private static void id(Request request, Emitter emitter, Environment environment) throws InterruptedException {
        String base = request.text("peerid-base", "b58mh");
        KafilaNode node = environment.node();
        PeerId peer = request.arguments().isEmpty() ? node.peerId() : parse(request.argument(0));
        if (peer.equals(node.peerId())) {
            emitter.emitOnce(self(node, base));
            return;
        }
        boolean offline = request.flag("offline");
        if (!node.swarm().isOnline()) {
            if (!offline) {
                throw new CommandException(NEEDS_DAEMON);
            }
            emitter.emitOnce(
                    PeerInfo.value(encoded(peer, base), peer.inlinedKey().orElse(null), List.of(), "", List.of()));
            return;
        }
        Host host = node.swarm().host();
        if (!offline) {
            Connection connection =
                    Request.await(host.connect(peer, host.peerstore().addresses(peer)));
            Request.await(connection.identified());
        }
        ObjectNode info = PeerInfo.of(host, peer, encoded(peer, base));
        if (info.path("Addresses").isNull()) {
            info.putArray("Addresses").add("/p2p/" + peer);
        }
        emitter.emitOnce(info);
    }

    private static PeerId parse(String text) {
        try {
            return PeerId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException("invalid peer id", e);
        }
    }

    private static JsonNode self(KafilaNode node, String base) {
        List<String> addresses = new ArrayList<>();
        List<String> protocols = new ArrayList<>();
        if (node.swarm().isOnline()) {
            node.swarm().addresses().forEach(address -> addresses.add(address.toString()));
            protocols.addAll(node.swarm().host().protocols());
        }
        return PeerInfo.value(
                encoded(node.peerId(), base),
                node.options().identity().publicKey(),
                addresses,
                "kafila/" + Versions.program(),
                protocols);
    }

    private static String encoded(PeerId peer, String base) {
        if (base.equals("b58mh") || base.equals("v0")) {
            return peer.toString();
        }
        Multibase encoding = CidEncoder.base(base);
        return peer.toCid().toString(encoding);
    }

    private static String formatted(String format, JsonNode id) {
        return format.replace("<id>", id.path("ID").asText())
                .replace("<aver>", id.path("AgentVersion").asText())
                .replace("<pubkey>", id.path("PublicKey").asText())
                .replace("<addrs>", lines(id.path("Addresses")))
                .replace("<protocols>", lines(id.path("Protocols")))
                .replace("\\n", "\n")
                .replace("\\t", "\t");
    }

    private static String lines(JsonNode list) {
        List<String> lines = new ArrayList<>();
        list.forEach(line -> lines.add(line.asText()));
        return String.join("\n", lines);
    }
}

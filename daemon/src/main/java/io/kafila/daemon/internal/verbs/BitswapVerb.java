package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.bitswap.BitswapLedger;
import io.kafila.bitswap.BitswapStat;
import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import io.kafila.node.KafilaNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code bitswap}: the exchange of blocks. */
final class BitswapVerb {
    private BitswapVerb() {}

    static Command command() {
        return Command.named("bitswap", "See which blocks are wanted, received and sent.")
                .description("Bitswap is the protocol by which peers ask one another for blocks and send them.")
                .has(
                        stat("stat"),
                        wantlist(),
                        ledger(),
                        Absent.command("reprovide", "Say to the network which blocks are here."))
                .build();
    }

    static Command stat(String name) {
        return Command.named(name, "Print what was exchanged since the start.")
                .description("""
                        Prints how many blocks and bytes were received and sent since the daemon started, what is wanted
                        now, and from whom. With --verbose also what each peer gave and took.""")
                .options(
                        Option.flag("Print what each peer gave and took, too.", "verbose", "v"),
                        Option.flag("Print sizes as people read them, such as 1.2 GB, not in bytes.", "human"))
                .does(BitswapVerb::stat)
                .prints(BitswapVerb::print)
                .build();
    }

    private static void stat(Request request, Emitter emitter, Environment environment) {
        BitswapStat stat = Peers.onlineForFigures(environment).bitswap().stat();
        List<JsonNode> byPeer = new ArrayList<>();
        stat.byPeer()
                .forEach(peer -> byPeer.add(Json.object(
                        "Peer", peer.peer(),
                        "BlocksReceived", peer.blocksReceived(),
                        "DataReceived", peer.dataReceived(),
                        "BlocksSent", peer.blocksSent(),
                        "DataSent", peer.dataSent(),
                        "DupBlksReceived", peer.duplicateBlocks(),
                        "UnwantedBlocks", peer.unwantedBlocks())));
        emitter.emitOnce(Json.object(
                "Wantlist", links(stat.wantlist()),
                "Peers", stat.peers(),
                "BlocksReceived", stat.blocksReceived(),
                "DataReceived", stat.dataReceived(),
                "DupBlksReceived", stat.dupBlksReceived(),
                "DupDataReceived", stat.dupDataReceived(),
                "MessagesReceived", stat.messagesReceived(),
                "BlocksSent", stat.blocksSent(),
                "DataSent", stat.dataSent(),
                "ByPeer", byPeer));
    }

    private static List<JsonNode> links(List<Cid> cids) {
        return cids.stream().map(DagVerb::link).toList();
    }

    private static void print(Request request, JsonNode stat, Console console) {
        CidEncoder encoder = CidEncoder.of(request);
        console.println("bitswap status");
        console.println("\tblocks received: " + stat.path("BlocksReceived").asText());
        console.println("\tblocks sent: " + stat.path("BlocksSent").asText());
        console.println("\tdata received: " + bytes(request, stat.path("DataReceived")));
        console.println("\tdata sent: " + bytes(request, stat.path("DataSent")));
        console.println("\tdup blocks received: " + stat.path("DupBlksReceived").asText());
        console.println("\tdup data received: " + bytes(request, stat.path("DupDataReceived")));
        console.println("\twantlist [" + stat.path("Wantlist").size() + " keys]");
        stat.path("Wantlist").forEach(link -> console.println("\t\t" + encoder.encode(DagVerb.cid(link))));
        console.println("\tpartners [" + stat.path("Peers").size() + "]");
        if (request.flag("verbose")) {
            stat.path("Peers").forEach(peer -> console.println("\t\t" + peer.asText()));
            for (JsonNode peer : stat.path("ByPeer")) {
                console.println("\t" + peer.path("Peer").asText() + " gave "
                        + peer.path("BlocksReceived").asText() + " blocks ("
                        + bytes(request, peer.path("DataReceived")) + "), took "
                        + peer.path("BlocksSent").asText() + " blocks ("
                        + bytes(request, peer.path("DataSent")) + "), "
                        + peer.path("DupBlksReceived").asText() + " duplicate, "
                        + peer.path("UnwantedBlocks").asText() + " unwanted");
            }
        }
    }

    private static String bytes(Request request, JsonNode bytes) {
        return request.flag("human") ? Human.bytes(bytes.asLong()) : bytes.asText();
    }

    private static Command wantlist() {
        return Command.named("wantlist", "List the blocks that are waited for.")
                .description("Lists the CIDs that this node waits for from others, or with --peer those that a"
                        + " peer waits for from this node.")
                .options(Option.text("Id of the peer that waits. Default: this node.", "peer", "p"))
                .does((request, emitter, environment) -> {
                    KafilaNode node = Peers.online(environment);
                    Optional<PeerId> peer =
                            request.text("peer").map(Peers::parse).filter(id -> !id.equals(node.peerId()));
                    List<Cid> wants = peer.isPresent()
                            ? node.bitswap().wantlist(peer.get())
                            : node.bitswap().wantlist();
                    boolean none = peer.isPresent() && wants.isEmpty();
                    emitter.emitOnce(Json.object("Keys", none ? null : links(wants)));
                })
                .prints((request, value, console) -> {
                    CidEncoder encoder = CidEncoder.of(request);
                    List<Cid> cids = new ArrayList<>();
                    value.path("Keys").forEach(link -> cids.add(DagVerb.cid(link)));
                    cids.stream().sorted().forEach(cid -> console.println(encoder.encode(cid)));
                })
                .build();
    }

    private static Command ledger() {
        return Command.named("ledger", "Print what was exchanged with a peer.")
                .description("Prints bytes sent and received, the number of exchanges, and their ratio (debt),"
                        + " by which the node decides whom it serves next.")
                .takes(Argument.text("peer", "Id of the peer."))
                .does((request, emitter, environment) -> {
                    BitswapLedger ledger = Peers.online(environment).bitswap().ledger(Peers.parse(request.argument(0)));
                    emitter.emitOnce(Json.object(
                            "Peer", ledger.peer(),
                            "Value", ledger.value(),
                            "Sent", ledger.sent(),
                            "Recv", ledger.recv(),
                            "Exchanged", ledger.exchanged()));
                })
                .prints((request, value, console) -> console.print(String.format(
                        Locale.ROOT,
                        "Ledger for %s\nDebt ratio:\t%f\nExchanges:\t%d\nBytes sent:\t%d\nBytes received:\t%d\n\n",
                        value.path("Peer").asText(),
                        value.path("Value").asDouble(),
                        value.path("Exchanged").asLong(),
                        value.path("Sent").asLong(),
                        value.path("Recv").asLong())))
                .build();
    }
}

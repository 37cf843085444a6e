package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Option;
import io.kafila.daemon.internal.command.Request;
import io.kafila.libp2p.Host;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code swarm addrs}: known addresses, those of this node among them. */
final class SwarmAddresses {
    private SwarmAddresses() {}

    static Command command() {
        return Command.named("addrs", "List the addresses of peers that are known.")
                .description("Lists every address that this node knows, by peer.")
                .has(autonat(), listen(), local())
                .does(SwarmAddresses::known)
                .prints((request, value, console) -> print(value, console))
                .build();
    }

    private static void known(Request request, Emitter emitter, Environment environment) {
        Host host = Peers.online(environment).swarm().host();
        Map<String, List<String>> known = new TreeMap<>();
        for (PeerId peer : host.peerstore().peers()) {
            put(known, peer, host.peerstore().addresses(peer).stream());
        }
        put(known, host.peerId(), host.addresses().stream());
        ObjectNode peers = Json.object();
        known.forEach((peer, addresses) -> peers.set(peer, Json.array(addresses)));
        emitter.emitOnce(Json.object("Addrs", peers));
    }

    private static void put(Map<String, List<String>> known, PeerId peer, Stream<Multiaddr> addresses) {
        List<String> texts = texts(addresses);
        if (!texts.isEmpty()) {
            known.put(peer.toString(), texts);
        }
    }

    private static List<String> texts(Stream<Multiaddr> addresses) {
        return addresses.map(Multiaddr::toString).sorted().distinct().toList();
    }

    private static void print(JsonNode value, Console console) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        value.path("Addrs").properties().forEach(peer -> sorted.put(peer.getKey(), peer.getValue()));
        sorted.forEach((peer, addresses) -> {
            console.println(peer + " (" + addresses.size() + ")");
            addresses.forEach(address -> console.println("\t" + address.asText()));
        });
    }

    private static Command local() {
        return Command.named("local", "List the addresses that this node announces.")
                .description("Lists the addresses that this node announces to the network.")
                .options(Option.flag("Print /p2p/<id> of this node at the end of each.", "id"))
                .does((request, emitter, environment) -> {
                    Host host = Peers.online(environment).swarm().host();
                    Stream<Multiaddr> addresses = host.addresses().stream();
                    emitStrings(
                            emitter,
                            texts(
                                    request.flag("id")
                                            ? addresses.map(address -> address.withPeerId(host.peerId()))
                                            : addresses));
                })
                .prints((request, value, console) -> SwarmVerb.printStrings(value, console))
                .build();
    }

    private static Command listen() {
        return Command.named("listen", "List the addresses that this node listens at.")
                .description("Lists the addresses of this machine that this node accepts connections at.")
                .does((request, emitter, environment) -> {
                    Host host = Peers.online(environment).swarm().host();
                    List<Multiaddr> expanded = new ArrayList<>();
                    for (Multiaddr address : host.listenAddresses()) {
                        expand(address, expanded);
                    }
                    emitStrings(emitter, texts(expanded.stream()));
                })
                .prints((request, value, console) -> SwarmVerb.printStrings(value, console))
                .build();
    }

    /** An address that stands for all interfaces as one of each; any other as it is. */
    private static void expand(Multiaddr address, List<Multiaddr> into) throws SocketException {
        String text = address.toString();
        boolean ip4 = text.startsWith("/ip4/0.0.0.0/");
        if (!ip4 && !text.startsWith("/ip6/::/")) {
            into.add(address);
            return;
        }
        String prefix = ip4 ? "/ip4/" : "/ip6/";
        String rest = text.substring(ip4 ? "/ip4/0.0.0.0".length() : "/ip6/::".length());
        for (String bound : Interfaces.addresses()) {
            if (bound.startsWith(prefix)) {
                into.add(Multiaddr.parse(bound + rest));
            }
        }
    }

    private static void emitStrings(Emitter emitter, List<String> texts) {
        emitter.emitOnce(Json.object("Strings", texts.isEmpty() ? null : texts));
    }

    private static Command autonat() {
        return Command.named("autonat", "Show which addresses can be reached from outside.")
                .description("""
                        Shows which addresses of this node were seen to be reachable from outside. This node asks nobody yet
                        to probe its addresses, so nothing is known of any of them.""")
                .does((request, emitter, environment) -> {
                    Peers.online(environment);
                    emitter.emitOnce(Json.object("reachability", "Unknown"));
                })
                .prints((request, value, console) -> printReachability(value, console))
                .build();
    }

    private static void printReachability(JsonNode value, Console console) {
        console.println("AutoNAT V2 Status:");
        console.println("  Reachability: " + value.path("reachability").asText());
        console.println("");
        console.println("Per-Address Reachability:");
        boolean any = printSection("Reachable", value.path("reachable"), console);
        any |= printSection("Unreachable", value.path("unreachable"), console);
        any |= printSection("Unknown", value.path("unknown"), console);
        if (!any) {
            console.println("  (no address reachability data available)");
        }
    }

    private static boolean printSection(String label, JsonNode addresses, Console console) {
        if (addresses.isEmpty()) {
            return false;
        }
        console.println("  " + label + ":");
        addresses.forEach(address -> console.println("    " + address.asText()));
        return true;
    }
}

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
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.node.Repo;
import io.kafila.node.config.BootstrapPeers;
import io.kafila.node.config.Config;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code bootstrap}: the peers that a node connects to first. */
final class BootstrapVerb {
    private static final String WARNING = """


            A node joins the network through its bootstrap peers, so whoever runs them can decide whom it meets first.
            List only peers that you trust. The daemon reads the list when it starts.""";

    private BootstrapVerb() {}

    static Command command() {
        return Command.named("bootstrap", "The peers to connect to at every start.")
                .description("Without a subcommand: the same as 'kafila bootstrap list'." + WARNING)
                .has(list(), add(), remove())
                .does((request, emitter, environment) -> list(request, emitter, environment))
                .prints((request, value, console) -> print(value, console, ""))
                .build();
    }

    private static void print(JsonNode value, Console console, String prefix) {
        List<String> peers = new ArrayList<>();
        value.path("Peers").forEach(peer -> peers.add(peer.asText()));
        peers.sort(null);
        peers.forEach(peer -> console.println(prefix + peer));
    }

    private static Command list() {
        return Command.named("list", "List the bootstrap peers.")
                .description("Prints one address per line, with the id of the peer at its end:"
                        + " /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW...")
                .options(Option.flag("Show the peers that 'auto' stands for in its place.", "expand-auto"))
                .does(BootstrapVerb::list)
                .prints((request, value, console) -> print(value, console, ""))
                .build();
    }

    private static void list(Request request, Emitter emitter, Environment environment) {
        Config config = environment.config();
        List<String> peers = request.flag("expand-auto")
                ? BootstrapPeers.of(config, Repo.isPrivate(environment.repo())).addresses()
                : config.texts("Bootstrap");
        emitter.emitOnce(Json.object("Peers", peers));
    }

    private static Command add() {
        return Command.named("add", "Add bootstrap peers.")
                .description(
                        "Prints the peers that were added. 'auto', or 'default', stands for the entries to the public"
                                + " network, and for nothing in a private one." + WARNING)
                .takes(peers(
                        "Address that ends in the id of the peer, such as /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW..."))
                .does(BootstrapVerb::add)
                .prints((request, value, console) -> print(value, console, "added "))
                .build();
    }

    private static Argument peers(String description) {
        return Argument.text("peer", description).optional().many().orStdin();
    }

    private static void add(Request request, Emitter emitter, Environment environment) throws IOException {
        Set<String> added = new LinkedHashSet<>();
        for (String peer : request.allArguments()) {
            added.add(peer.equals("default") ? Config.AUTO : peer);
        }
        if (added.isEmpty()) {
            throw new CommandException("no bootstrap peers to add");
        }
        Config config = environment.config();
        for (String peer : added) {
            if (!peer.equals(Config.AUTO)) {
                check(peer);
            } else if (!config.flag("AutoConf.Enabled", true)) {
                throw new CommandException("cannot add default bootstrap peers: AutoConf is disabled"
                        + " (AutoConf.Enabled=false). Enable AutoConf by setting AutoConf.Enabled=true in your config, or"
                        + " add specific peer addresses instead");
            }
        }
        Set<String> all = new LinkedHashSet<>(added);
        all.addAll(config.texts("Bootstrap"));
        environment.configFile().write(config.with("Bootstrap", List.copyOf(all)));
        emitter.emitOnce(Json.object("Peers", added));
    }

    private static Multiaddr check(String peer) {
        Multiaddr address = Peers.address(peer);
        if (address.peerId().isEmpty()) {
            throw new CommandException("invalid bootstrap address: " + peer);
        }
        if (address.withoutPeerId().isEmpty()) {
            throw new CommandException("bootstrap address without a transport: " + peer);
        }
        return address;
    }

    private static Command remove() {
        return Command.named("rm", "Remove bootstrap peers.")
                .description("Prints the peers that were removed." + WARNING)
                .takes(peers("Address as 'kafila bootstrap list' shows it, or /p2p/<id> for every address of a peer."))
                .options(Option.flag("Remove all of them. DEPRECATED: the subcommand 'all' does it, too.", "all"))
                .has(Command.named("all", "Remove all bootstrap peers.")
                        .description("Prints the peers that were removed.")
                        .does((request, emitter, environment) -> removeAll(emitter, environment))
                        .prints((request, value, console) -> print(value, console, "removed "))
                        .build())
                .does((request, emitter, environment) -> {
                    if (request.flag("all")) {
                        removeAll(emitter, environment);
                    } else {
                        remove(request, emitter, environment);
                    }
                })
                .prints((request, value, console) -> print(value, console, "removed "))
                .build();
    }

    private static void removeAll(Emitter emitter, Environment environment) {
        Config config = environment.config();
        environment.configFile().write(config.with("Bootstrap", List.of()));
        emitter.emitOnce(Json.object("Peers", config.texts("Bootstrap")));
    }

    private static void remove(Request request, Emitter emitter, Environment environment) throws IOException {
        Config config = environment.config();
        List<String> present = config.texts("Bootstrap");
        if (present.contains(Config.AUTO) && config.flag("AutoConf.Enabled", true)) {
            throw new CommandException(
                    "cannot remove individual bootstrap peers when using 'auto' placeholder: the 'auto'"
                            + " value is managed by AutoConf. Either disable AutoConf by setting AutoConf.Enabled=false and"
                            + " replace 'auto' with specific peer addresses, or use 'ipfs bootstrap rm --all' to remove all"
                            + " peers");
        }
        List<Multiaddr> asked = new ArrayList<>();
        for (String peer : request.allArguments()) {
            asked.add(Peers.address(peer));
        }
        List<String> kept = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (String text : present) {
            (matches(Multiaddr.parse(text), asked) ? removed : kept).add(text);
        }
        environment.configFile().write(config.with("Bootstrap", kept));
        emitter.emitOnce(Json.object("Peers", removed));
    }

    /** Whether an address is one of those asked for; one without a transport stands for all of its peer. */
    private static boolean matches(Multiaddr address, List<Multiaddr> asked) {
        Optional<PeerId> peer = address.peerId();
        return asked.stream()
                .anyMatch(one -> one.equals(address)
                        || (one.withoutPeerId().isEmpty() && one.peerId().equals(peer)));
    }
}

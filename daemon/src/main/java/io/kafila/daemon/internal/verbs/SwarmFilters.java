package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Argument;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Request;
import io.kafila.libp2p.ConnectionFilter;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.node.config.Config;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code swarm filters}: address ranges that are neither dialed nor accepted. */
final class SwarmFilters {
    private static final String KEY = "Swarm.AddrFilters";

    private SwarmFilters() {}

    static Command command() {
        return Command.named("filters", "Ranges of addresses to stay away from.")
                .description("""
                        Lists the ranges of addresses that the node neither dials nor accepts. A range is written as a
                        multiaddr: /ip4/192.168.0.0/ipcidr/16 stands for 192.168.0.0/16.

                        'add' and 'rm' change the running node and Swarm.AddrFilters of the config.""")
                .has(
                        Command.named("add", "Stay away from more ranges.")
                                .description("Refuses further connections with a range of addresses.")
                                .takes(Argument.text("address", "Range, such as /ip4/192.168.0.0/ipcidr/16.")
                                        .many()
                                        .orStdin())
                                .does(SwarmFilters::add)
                                .prints((request, value, console) -> SwarmVerb.printStrings(value, console))
                                .build(),
                        Command.named("rm", "Allow ranges again.")
                                .description("Takes ranges off the list; 'all' takes every one off.")
                                .takes(Argument.text("address", "Range as the list shows it, or 'all'.")
                                        .many()
                                        .orStdin())
                                .does(SwarmFilters::remove)
                                .prints((request, value, console) -> SwarmVerb.printStrings(value, console))
                                .build())
                .does((request, emitter, environment) -> {
                    List<Multiaddr> ranges = filter(environment).deniedAddresses();
                    emitter.emitOnce(Json.object("Strings", textsOrNull(ranges)));
                })
                .prints((request, value, console) -> SwarmVerb.printStrings(value, console))
                .build();
    }

    /** In the order in which they were added; null where there is nothing, as Go writes it. */
    private static @Nullable List<String> textsOrNull(List<?> ranges) {
        return ranges.isEmpty() ? null : ranges.stream().map(Object::toString).toList();
    }

    private static ConnectionFilter filter(Environment environment) {
        return Peers.online(environment).swarm().host().connectionFilter();
    }

    private static void add(Request request, Emitter emitter, Environment environment) throws IOException {
        ConnectionFilter filter = filter(environment);
        Set<String> added = new LinkedHashSet<>(request.allArguments());
        List<Multiaddr> ranges = added.stream().map(SwarmFilters::range).toList();
        ranges.forEach(filter::denyAddress);
        Config config = environment.config();
        Set<String> all = new LinkedHashSet<>(added);
        all.addAll(config.texts(KEY));
        environment.configFile().write(config.with(KEY, List.copyOf(all)));
        emitter.emitOnce(Json.object("Strings", added));
    }

    private static void remove(Request request, Emitter emitter, Environment environment) throws IOException {
        ConnectionFilter filter = filter(environment);
        List<String> asked = request.allArguments();
        Config config = environment.config();
        if (asked.get(0).equals("all") || asked.get(0).equals("*")) {
            filter.deniedAddresses().forEach(filter::undenyAddress);
            environment.configFile().write(config.with(KEY, List.of()));
            emitter.emitOnce(Json.object("Strings", textsOrNull(config.texts(KEY))));
            return;
        }
        asked.stream().map(SwarmFilters::range).toList().forEach(filter::undenyAddress);
        List<String> kept = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        config.texts(KEY).forEach(text -> (asked.contains(text) ? removed : kept).add(text));
        environment.configFile().write(config.with(KEY, kept));
        emitter.emitOnce(Json.object("Strings", removed));
    }

    /** {@code /ip4/<address>/ipcidr/<bits>}, or the same with ip6. */
    private static Multiaddr range(String text) {
        try {
            Multiaddr range = Multiaddr.parse(text);
            List<String> protocols = range.components().stream()
                    .map(component -> component.protocol().specName())
                    .toList();
            if (protocols.equals(List.of("ip4", "ipcidr")) || protocols.equals(List.of("ip6", "ipcidr"))) {
                return range;
            }
            throw new CommandException("invalid multiaddr-filter format");
        } catch (MultiformatException e) {
            throw new CommandException("invalid multiaddr-filter format", e);
        }
    }
}

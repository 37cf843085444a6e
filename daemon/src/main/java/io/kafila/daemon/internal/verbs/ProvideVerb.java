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
import io.kafila.daemon.internal.command.TextFormat;
import io.kafila.dag.DagWalk;
import io.kafila.dag.WalkOptions;
import io.kafila.dht.ProvideStat;
import io.kafila.dht.Providing;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import io.kafila.node.KafilaNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code provide}: what the network is told of. */
final class ProvideVerb {
    /** Go's zero time, which stands for "never". */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private ProvideVerb() {}

    static Command command() {
        return Command.named("provide", "What is told to the network, and how far that is.")
                .description("""
                        The network is told which content is here: what is pinned or added at once, and all of it again
                        every Provide.DHT.Interval (22h). Provide.Strategy says what: by default the roots of pinned files
                        and folders (pinned+mfs+entities). Keys that lie near each other are told together, with one search
                        for all of them.""")
                .has(clear(), once(), stat("stat"))
                .build();
    }

    private static Command clear() {
        return Command.named("clear", "Empty the queue of what was never told.")
                .description("Takes what waits to be told for the first time out of the queue; it is told later, with"
                        + " what is told again anyway.")
                .options(Option.flag("Print nothing.", "quiet", "q"))
                .does((request, emitter, environment) -> {
                    Optional<Providing> providing = environment.node().routing().providing();
                    int cleared = providing.isEmpty()
                            ? 0
                            : Request.await(providing.get().clear());
                    if (!request.flag("quiet")) {
                        emitter.emitOnce(Json.value(cleared));
                    }
                })
                .prints((request, value, console) ->
                        console.println("removed " + value.asText() + " items from provide queue"))
                .build();
    }

    private static Command once() {
        return Command.named("once", "Tell the network of some content now.")
                .description("Tells the network once that this node has the given blocks, or with -r all blocks below"
                        + " them. What is told regularly does not change.")
                .takes(Argument.text("cid", "What to tell of.").many().orStdin())
                .options(Option.flag("Tell of every block below, too.", "recursive", "r"))
                .does(ProvideVerb::once)
                .terminal(OnceFormat::new)
                .build();
    }

    private static void once(Request request, Emitter emitter, Environment environment) throws Exception {
        KafilaNode node = Peers.online(environment);
        if (!node.options().providing().enabled()) {
            throw new CommandException("cannot provide: Provide.Enabled is false");
        }
        Providing providing = node.routing()
                .providing()
                .orElseThrow(() -> new CommandException("cannot provide: there is no DHT (Routing.Type)"));
        if (node.swarm().connections().isEmpty()) {
            throw new CommandException("cannot provide: no connected peers");
        }
        Set<Multihash> seen = new HashSet<>();
        for (String text : request.allArguments()) {
            Cid cid;
            try {
                cid = Cid.parse(text);
            } catch (MultiformatException e) {
                throw new CommandException("invalid CID \"" + text + "\": " + e.getMessage(), e);
            }
            if (!Request.await(node.repository().has(cid))) {
                throw new CommandException("block " + cid + " not found locally, cannot provide");
            }
            WalkOptions walk = request.flag("recursive") ? WalkOptions.DEFAULT : WalkOptions.DEFAULT.withMaxDepth(0);
            try (var source = node.localSource()) {
                Pulls.forEach(DagWalk.start(source, node.dag().codecs(), List.of(cid), walk), step -> {
                    if (seen.add(step.cid().multihash())) {
                        providing.provideOnce(List.of(step.cid().multihash())).join();
                        emitter.emit(Json.object("Queued", step.cid()));
                    }
                });
            }
        }
    }

    private static final class OnceFormat implements TextFormat {
        private int count;

        OnceFormat(Request request) {}

        @Override
        public void value(JsonNode value, Console console) {
            count++;
        }

        @Override
        public void end(Console console) {
            console.println("queued " + count + " CID(s) for immediate provide");
        }
    }

    /** The same figures under several names. */
    static Command stat(String name) {
        return Command.named(name, "Print how far telling is.")
                .description("""
                        Prints what waits, what is scheduled and what was done. A region is a part of the keyspace whose keys
                        are told together. With --all, or one of the options named after a part, in more detail.""")
                .options(
                        Option.flag(
                                "Accepted without effect: one sweep serves the public DHT, or the local one where there"
                                        + " is no public one.",
                                "lan"),
                        Option.flag("Print everything.", "all", "a"),
                        Option.flag("With --all: in two columns.", "compact"),
                        Option.flag("Print whether the DHT can be reached.", "connectivity"),
                        Option.flag("Print what is known of the servers of the DHT.", "network"),
                        Option.flag("Print what is told again, and when.", "schedule"),
                        Option.flag("Print times.", "timings"),
                        Option.flag("Print how many regions are worked on at once.", "workers"),
                        Option.flag("Print what is being done and was done.", "operations"),
                        Option.flag("Print what waits.", "queues"))
                .does((request, emitter, environment) -> {
                    KafilaNode node = Peers.online(environment);
                    Providing providing = node.routing()
                            .providing()
                            .orElseThrow(() -> new CommandException("stats not available with current routing system"
                                    + " (Routing.Type without a DHT, or Provide.Enabled is false)"));
                    emitter.emitOnce(Json.object(
                            "Sweep", json(Request.await(providing.stat())), "Legacy", null, "FullRT", false));
                })
                .prints((request, value, console) ->
                        console.print(ProvideStatText.of(flags(request), value.path("Sweep"), Instant.now())))
                .build();
    }

    private static Set<String> flags(Request request) {
        Set<String> flags = new HashSet<>(ProvideStatText.PARTS);
        flags.add("compact");
        flags.removeIf(flag -> !request.flag(flag));
        return flags;
    }

    private static JsonNode json(ProvideStat stat) {
        ProvideStat.Workers workers = stat.workers();
        ProvideStat.Operations operations = stat.operations();
        boolean never = stat.connectivity().status().equals("offline");
        return Json.object(
                "closed",
                stat.closed(),
                "connectivity",
                Json.object(
                        "status",
                        stat.connectivity().status(),
                        "since",
                        never ? NEVER : stat.connectivity().since()),
                "queues",
                Json.object(
                        "pending_key_provides", stat.queues().pendingKeyProvides(),
                        "pending_region_provides", stat.queues().pendingRegionProvides(),
                        "pending_region_reprovides", stat.queues().pendingRegionReprovides()),
                "schedule",
                Json.object(
                        "keys", stat.schedule().keys(),
                        "regions", stat.schedule().regions(),
                        "avg_prefix_length", stat.schedule().avgPrefixLength(),
                        "next_reprovide_at",
                                stat.schedule()
                                        .nextReprovideAt()
                                        .map(Human::time)
                                        .orElse(NEVER),
                        "next_reprovide_prefix", stat.schedule().nextReprovidePrefix()),
                "workers",
                Json.object(
                        "max", workers.max(),
                        "active", workers.active(),
                        "active_periodic", workers.activePeriodic(),
                        "active_burst", workers.activeBurst(),
                        "dedicated_periodic", workers.dedicatedPeriodic(),
                        "dedicated_burst", workers.dedicatedBurst(),
                        "queued_periodic", workers.queuedPeriodic(),
                        "queued_burst", workers.queuedBurst(),
                        "max_provide_conns_per_worker", workers.maxProvideConnsPerWorker()),
                "timing",
                Json.object(
                        "uptime", stat.timing().uptime().toNanos(),
                        "reprovides_interval",
                                stat.timing().reprovidesInterval().toNanos(),
                        "cycle_start", stat.timing().cycleStart(),
                        "current_time_offset", stat.timing().currentTimeOffset().toNanos(),
                        "max_reprovide_delay", stat.timing().maxReprovideDelay().toNanos()),
                "operations",
                Json.object(
                        "ongoing",
                        Json.object(
                                "region_provides", operations.ongoingRegionProvides(),
                                "key_provides", operations.ongoingKeyProvides(),
                                "region_reprovides", operations.ongoingRegionReprovides(),
                                "key_reprovides", operations.ongoingKeyReprovides()),
                        "past",
                        Json.object(
                                "records_provided", operations.recordsProvided(),
                                "keys_provided", operations.keysProvided(),
                                "keys_failed", operations.keysFailed(),
                                "keys_provided_per_minute", operations.keysProvidedPerMinute(),
                                "keys_reprovided_per_minute", operations.keysReprovidedPerMinute(),
                                "reprovide_duration",
                                        operations.regionReprovideDuration().toNanos(),
                                "avg_keys_per_reprovide", operations.avgKeysPerReprovide(),
                                "regions_reprovided_last_cycle", operations.regionsReprovidedLastCycle())),
                "network",
                Json.object(
                        "peers", stat.network().peers(),
                        "reachable", stat.network().reachable(),
                        "complete_keyspace_coverage", stat.network().completeKeyspaceCoverage(),
                        "avg_region_size", stat.network().avgRegionSize(),
                        "avg_holders", stat.network().avgHolders(),
                        "replication_factor", stat.network().replicationFactor()));
    }
}

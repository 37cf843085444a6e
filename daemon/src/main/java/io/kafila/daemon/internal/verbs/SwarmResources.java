package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Environment;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Status;
import io.kafila.libp2p.ResourceLimits.Limit;
import io.kafila.libp2p.ResourceManager.Usage;
import io.kafila.node.Swarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code swarm resources}: what others take of this node, and how much they may. */
final class SwarmResources {
    private static final Usage UNUSED = new Usage(0, 0, 0, 0, 0);

    private SwarmResources() {}

    static Command command() {
        return Command.named("resources", "Show what peers take of this node, and what was refused.")
                .description("""
                        Lists how many connections and streams and how many bytes of windows and buffers others take of this
                        node, by scope: the whole system, what is not yet negotiated (transient), each protocol and each
                        peer. What would pass a limit is refused; Refusals says how often that was.""")
                .status(Status.EXPERIMENTAL)
                .does((request, emitter, environment) -> resources(emitter, environment))
                .prints((request, value, console) -> print(value, console))
                .build();
    }

    private static void resources(Emitter emitter, Environment environment) {
        Map<String, Usage> usage =
                Peers.online(environment).swarm().host().resources().usage();
        ObjectNode value = Json.object(
                "System", scope(Swarm.LIMITS.system(), usage.getOrDefault("system", UNUSED)),
                "Transient", scope(Swarm.LIMITS.pending(), usage.getOrDefault("transient", UNUSED)));
        ObjectNode protocols = Json.object();
        ObjectNode peers = Json.object();
        new TreeMap<>(usage).forEach((name, used) -> {
            if (name.startsWith("protocol:")) {
                String protocol = name.substring("protocol:".length());
                protocols.set(Peers.foreign(protocol), scope(Swarm.LIMITS.protocolLimit(protocol), used));
            } else if (name.startsWith("peer:")) {
                peers.set(name.substring("peer:".length()), scope(Swarm.LIMITS.peer(), used));
            }
        });
        if (!protocols.isEmpty()) {
            value.set("Protocols", protocols);
        }
        if (!peers.isEmpty()) {
            value.set("Peers", peers);
        }
        emitter.emitOnce(value);
    }

    /** Kubo's fields. Usage of connections is known in all, not by direction. */
    private static ObjectNode scope(Limit limit, Usage usage) {
        long streams = (long) usage.inboundStreams() + usage.outboundStreams();
        return Json.object(
                "Memory", Long.toString(limit.memoryBytes()),
                "MemoryUsage", usage.memoryBytes(),
                "FD", "unlimited",
                "FDUsage", 0,
                "Conns", (long) limit.inboundConnections() + limit.outboundConnections(),
                "ConnsUsage", usage.connections(),
                "ConnsInbound", limit.inboundConnections(),
                "ConnsOutbound", limit.outboundConnections(),
                "Streams", (long) limit.inboundStreams() + limit.outboundStreams(),
                "StreamsUsage", streams,
                "StreamsInbound", limit.inboundStreams(),
                "StreamsInboundUsage", usage.inboundStreams(),
                "StreamsOutbound", limit.outboundStreams(),
                "StreamsOutboundUsage", usage.outboundStreams(),
                "Refusals", usage.refusals());
    }

    private static void print(JsonNode value, Console console) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("Scope", "Limit Name", "Limit Value", "Limit Usage Amount", "Limit Usage Percent"));
        rows(rows, "system", value.path("System"));
        rows(rows, "transient", value.path("Transient"));
        value.path("Protocols").properties().forEach(one -> rows(rows, "proto:" + one.getKey(), one.getValue()));
        value.path("Peers").properties().forEach(one -> rows(rows, "peer:" + one.getKey(), one.getValue()));
        console.print(Table.text(rows, 16));
    }

    private static void rows(List<List<String>> rows, String name, JsonNode scope) {
        for (String field : List.of("Memory", "Conns", "Streams", "StreamsInbound", "StreamsOutbound")) {
            long limit = scope.path(field).asLong();
            long used = scope.path(field + "Usage").asLong();
            String percent =
                    used == 0 ? "0%" : limit == 0 ? "n/a" : String.format(Locale.ROOT, "%.1f%%", 100.0 * used / limit);
            rows.add(List.of(name, field, Long.toString(limit), Long.toString(used), percent));
        }
        rows.add(List.of(name, "Refusals", "n/a", scope.path("Refusals").asText(), "n/a"));
    }
}

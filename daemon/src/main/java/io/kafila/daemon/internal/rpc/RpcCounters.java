package io.kafila.daemon.internal.rpc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the RPC has seen and refused. Thread-safe. */
public final class RpcCounters {
    final LongAdder requests = new LongAdder();
    final LongAdder running = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder forbidden = new LongAdder();
    final LongAdder unauthorized = new LongAdder();
    final LongAdder badMethods = new LongAdder();
    final LongAdder unknownCommands = new LongAdder();
    final LongAdder badArguments = new LongAdder();
    final LongAdder overloads = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder disconnects = new LongAdder();
    final LongAdder refusedConnections = new LongAdder();
    final LongAdder lateHeads = new LongAdder();
    final LongAdder idleConnections = new LongAdder();
    final LongAdder slowClients = new LongAdder();
    /** Files of this machine that were read here, and those whose bytes were sent after all. */
    final LongAdder takenFiles = new LongAdder();

    final LongAdder declinedFiles = new LongAdder();

    /** The counters by name. */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("requests", requests.sum());
        values.put("running", running.sum());
        values.put("failures", failures.sum());
        values.put("forbidden_origins", forbidden.sum());
        values.put("unauthorized", unauthorized.sum());
        values.put("bad_methods", badMethods.sum());
        values.put("unknown_commands", unknownCommands.sum());
        values.put("bad_arguments", badArguments.sum());
        values.put("overloads", overloads.sum());
        values.put("malformed_requests", malformed.sum());
        values.put("disconnects", disconnects.sum());
        values.put("refused_connections", refusedConnections.sum());
        values.put("late_heads", lateHeads.sum());
        values.put("idle_connections", idleConnections.sum());
        values.put("slow_clients", slowClients.sum());
        values.put("offered_files_taken", takenFiles.sum());
        values.put("offered_files_declined", declinedFiles.sum());
        return values;
    }
}

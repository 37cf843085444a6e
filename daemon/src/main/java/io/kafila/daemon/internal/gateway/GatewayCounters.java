package io.kafila.daemon.internal.gateway;

import io.kafila.daemon.internal.rpc.RpcCounters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the gateway has seen and refused. Thread-safe. */
public final class GatewayCounters {
    final RpcCounters http = new RpcCounters();
    final LongAdder requests = new LongAdder();
    final LongAdder badRequests = new LongAdder();
    final LongAdder refusedRequests = new LongAdder();
    final LongAdder refusedConnections = new LongAdder();
    final LongAdder refusedRecords = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder slowClients = new LongAdder();

    /** The counters by name. */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("requests", requests.sum());
        values.put("bad_requests", badRequests.sum());
        values.put("refused_requests", refusedRequests.sum());
        values.put("refused_connections", refusedConnections.sum());
        values.put("refused_records", refusedRecords.sum());
        values.put("failures", failures.sum());
        values.put("slow_clients", slowClients.sum());
        return values;
    }
}

package io.kafila.daemon.internal.process;

import io.kafila.bitswap.BitswapCounters;
import io.kafila.bitswap.BitswapStat;
import io.kafila.daemon.internal.gateway.GatewayCounters;
import io.kafila.daemon.internal.rpc.RpcCounters;
import io.kafila.delegated.DelegatedRouter;
import io.kafila.dht.Dht;
import io.kafila.libp2p.BandwidthCounter;
import io.kafila.libp2p.ResourceManager;
import io.kafila.node.KafilaNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /debug/metrics/prometheus} tells. Thread-safe. The registry is made at the first look, which a start does not
 * wait for; the numbers are counted by the modules themselves and only read here.
 */
final class Metrics implements AutoCloseable {
    private final KafilaNode node;
    private final RpcCounters rpc;
    private final GatewayCounters gateway;
    private @Nullable PrometheusMeterRegistry registry;
    private @Nullable JvmGcMetrics garbage;

    Metrics(KafilaNode node, RpcCounters rpc, GatewayCounters gateway) {
        this.node = node;
        this.rpc = rpc;
        this.gateway = gateway;
    }

    /** The present numbers in Prometheus's text format. */
    synchronized String scrape() {
        if (registry == null) {
            registry = register();
        }
        if (node.swarm().isOnline()) {
            events(registry);
        }
        return registry.scrape();
    }

    private PrometheusMeterRegistry register() {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        garbage = new JvmGcMetrics();
        garbage.bindTo(meters);
        for (String name : rpc.values().keySet()) {
            if (name.equals("running")) {
                gauge(
                        meters,
                        "rpc.running",
                        "commands that run now",
                        () -> rpc.values().get(name));
            } else {
                counter(
                        meters,
                        "rpc." + name.replace('_', '.'),
                        "of the RPC",
                        counters -> rpc.values().get(name));
            }
        }
        for (String name : gateway.values().keySet()) {
            counter(
                    meters,
                    "gateway." + name.replace('_', '.'),
                    "of the gateway",
                    all -> gateway.values().get(name));
        }
        counter(
                meters,
                "names.republished",
                "records published again",
                all -> node.names().republishedCount());
        counter(
                meters,
                "names.republish.failures",
                "records that could not be published again",
                all -> node.names().republishFailureCount());
        counter(
                meters,
                "names.refused.records",
                "found, but no valid records of the name",
                all -> node.names().refusedRecordCount());
        counter(
                meters,
                "delegated.requests",
                "to delegated routers",
                all -> node.routing().delegated().stream()
                        .mapToLong(DelegatedRouter::requestCount)
                        .sum());
        counter(
                meters,
                "delegated.failures",
                "requests to delegated routers that failed or were answered wrongly",
                all -> node.routing().delegated().stream()
                        .mapToLong(DelegatedRouter::failureCount)
                        .sum());
        if (node.swarm().isOnline()) {
            network(meters);
        }
        return meters;
    }

    private void network(PrometheusMeterRegistry meters) {
        gauge(
                meters,
                "swarm.connections",
                "open connections",
                () -> node.swarm().connections().size());
        bandwidth(meters, "swarm.bytes.received", BandwidthCounter.Bandwidth::totalIn);
        bandwidth(meters, "swarm.bytes.sent", BandwidthCounter.Bandwidth::totalOut);
        gauge(
                meters,
                "swarm.memory.reserved",
                "bytes reserved for streams and connections",
                () -> system().memoryBytes());
        counter(
                meters,
                "swarm.refusals",
                "refused by resource limits",
                all -> node.swarm().host().resources().usage().values().stream()
                        .mapToLong(ResourceManager.Usage::refusals)
                        .sum());
        bitswap(meters, "bitswap.blocks.received", BitswapStat::blocksReceived);
        bitswap(meters, "bitswap.blocks.sent", BitswapStat::blocksSent);
        bitswap(meters, "bitswap.bytes.received", BitswapStat::dataReceived);
        bitswap(meters, "bitswap.bytes.sent", BitswapStat::dataSent);
        bitswap(meters, "bitswap.duplicate.blocks", BitswapStat::dupBlksReceived);
        bitswap(meters, "bitswap.duplicate.bytes", BitswapStat::dupDataReceived);
        bitswap(meters, "bitswap.messages.received", BitswapStat::messagesReceived);
        counter(
                meters,
                "bitswap.blocks.without.memory",
                "large blocks copied once more, since the store's memory was in use or their size is not one of whole pages",
                all -> node.bitswap().counters().blocksWithoutMemory());
        strangers(meters, "bitswap.malformed.messages", BitswapCounters::malformedMessages);
        strangers(meters, "bitswap.refused.streams", BitswapCounters::refusedStreams);
        strangers(meters, "bitswap.stalled.streams", BitswapCounters::stalledStreams);
        strangers(meters, "bitswap.dropped.wants", BitswapCounters::droppedWants);
        strangers(meters, "bitswap.unwanted.blocks", BitswapCounters::unwantedBlocks);
        strangers(meters, "bitswap.closed.peers", BitswapCounters::closedPeers);
        node.routing().dht().ifPresent(dht -> dht(meters, dht));
        gauge(
                meters,
                "bitswap.wantlist",
                "blocks wanted now",
                () -> node.bitswap().wantlist().size());
    }

    /** What the DHTs count, and whom they know. */
    private void dht(PrometheusMeterRegistry meters, Dht dht) {
        for (String key : dht.eventCounts().keySet()) {
            String[] networkAndEvent = key.split(" ", 2);
            FunctionCounter.builder(
                            "kafila.dht.events", dht, all -> all.eventCounts().getOrDefault(key, 0L))
                    .description("what the DHT did, and what it refused to others")
                    .tag("network", networkAndEvent[0])
                    .tag("event", networkAndEvent[1])
                    .register(meters);
        }
    }

    /** The events of the host, which has a name for each and counts those that have happened. */
    private void events(PrometheusMeterRegistry meters) {
        Set<String> names = new TreeSet<>(node.swarm().host().eventCounts().keySet());
        names.add("connection:refused"); // there from the start
        for (String name : names) {
            // Registering what is there already changes nothing.
            FunctionCounter.builder("kafila.swarm.events", this, all -> all.event(name))
                    .description("what peers did wrong and what was refused to them")
                    .tag("event", name)
                    .register(meters);
        }
    }

    private long event(String name) {
        return node.swarm().host().eventCounts().getOrDefault(name, 0L);
    }

    private void strangers(PrometheusMeterRegistry meters, String name, ToDoubleFunction<BitswapCounters> value) {
        counter(
                meters,
                name,
                "what peers did wrong, since the start",
                all -> value.applyAsDouble(node.bitswap().counters()));
    }

    private ResourceManager.Usage system() {
        Map<String, ResourceManager.Usage> usage =
                node.swarm().host().resources().usage();
        return usage.getOrDefault("system", new ResourceManager.Usage(0, 0, 0, 0, 0));
    }

    private void bandwidth(
            PrometheusMeterRegistry meters, String name, ToDoubleFunction<BandwidthCounter.Bandwidth> value) {
        counter(
                meters,
                name,
                "since the start",
                all -> value.applyAsDouble(node.swarm().host().bandwidth().total()));
    }

    private void bitswap(PrometheusMeterRegistry meters, String name, ToDoubleFunction<BitswapStat> value) {
        counter(
                meters,
                name,
                "since the start",
                all -> value.applyAsDouble(node.bitswap().stat()));
    }

    private void counter(PrometheusMeterRegistry meters, String name, String said, ToDoubleFunction<Metrics> value) {
        FunctionCounter.builder("kafila." + name, this, value).description(said).register(meters);
    }

    private static void gauge(PrometheusMeterRegistry meters, String name, String said, Supplier<Number> value) {
        Gauge.builder("kafila." + name, value).description(said).register(meters);
    }

    @Override
    public synchronized void close() {
        if (garbage != null) {
            garbage.close();
        }
        if (registry != null) {
            registry.close();
        }
    }
}

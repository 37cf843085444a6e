package io.kafila.benchmarks.dht;

import io.kafila.benchmarks.dht.DhtExperiment.Phase;
import io.kafila.dht.sim.SimOptions;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kafila bench dht}: thousands of nodes in virtual time. */
@Command(
        name = "dht",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        description = {
            "Runs a DHT of thousands of nodes in virtual time.",
            "",
            "They are Kafila's own routing tables, lookups and records over links with latency and loss, in one"
                    + " thread. Prints success, hops, messages and virtual time for each operation, in peace and then"
                    + " with what is asked for of churn, partition and attack."
        },
        footer = {
            "",
            "  kafila bench dht                                    1000 nodes in peace",
            "  kafila bench dht --nodes=100,1000,10000             and how hops grow with the network",
            "  kafila bench dht --churn=0.5/h --for=60m            half of the nodes replaced in an hour",
            "  kafila bench dht --loss=2%% --rtt=50ms               worse links",
            "  kafila bench dht --partition=30m                    two halves, then one again",
            "  kafila bench dht --sybils=1000 --networks=1         an attacker in every table?",
            "  kafila bench dht --eclipse=20 --networks=4          an attacker next to 20 keys",
            "  kafila bench dht --sybils=1000 --no-ip-limits       what the limits by IP group are worth",
            "",
            "lookup   the 20 servers nearest to a key; succeeds if it names the one that is truly nearest",
            "provide  tells them of a key; succeeds if any was told",
            "find     another node looks for the provider; 'find old' for those that provided in peace",
            "",
            "The same seed prints the same tables; how long it really took is said on the other output.",
            "docs/dht-simulation.md explains the model and has results."
        })
public final class DhtCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            split = ",",
            defaultValue = "1000",
            paramLabel = "N",
            description = "How many; several numbers run several networks. Default: ${DEFAULT-VALUE}.")
    private List<Integer> nodes = List.of();

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "What all chance comes from. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--keys",
            defaultValue = "1000",
            description = "Operations of each kind in each phase. Default: ${DEFAULT-VALUE}.")
    private int keys;

    @Option(
            names = "--over",
            defaultValue = "5m",
            description = "Virtual time that the operations of one kind are spread over. Default: ${DEFAULT-VALUE}.")
    private String over = "";

    @Option(
            names = "--rtt",
            defaultValue = "100ms",
            description = "Mean round trip; pairs have half to one and a half of it. Default: ${DEFAULT-VALUE}.")
    private String rtt = "";

    @Option(
            names = "--loss",
            defaultValue = "0",
            description = "Packets lost; they are sent again as TCP does. Default: ${DEFAULT-VALUE}.")
    private String loss = "";

    @Option(
            names = "--churn",
            defaultValue = "0/h",
            description = "Share of the nodes that vanish in an hour; as many others come. Default: ${DEFAULT-VALUE}.")
    private String churn = "";

    @Option(
            names = "--for",
            defaultValue = "60m",
            description = "How long the churn goes before it is measured, and on. Default: ${DEFAULT-VALUE}.")
    private String churning = "";

    @Option(
            names = "--partition",
            defaultValue = "0m",
            description = "How long two halves hear nothing of each other. Default: ${DEFAULT-VALUE}.")
    private String partition = "";

    @Option(
            names = "--sybils",
            defaultValue = "0",
            paramLabel = "N",
            description = "Identities of an attacker, anywhere in the keyspace. Default: ${DEFAULT-VALUE}.")
    private int sybils;

    @Option(
            names = "--eclipse",
            defaultValue = "0",
            paramLabel = "N",
            description = "Identities of an attacker next to each of 20 keys. Default: ${DEFAULT-VALUE}.")
    private int eclipse;

    @Option(
            names = "--networks",
            defaultValue = "1",
            paramLabel = "N",
            description = "/16 networks that the attacker has addresses in. Default: ${DEFAULT-VALUE}.")
    private int networks;

    @Option(names = "--no-ip-limits", description = "Neither tables nor lookups limit the peers of one IP group.")
    private boolean noIpLimits;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Map<Integer, List<Phase>> bySize = new LinkedHashMap<>();
        for (int count : nodes) {
            DhtPlan plan = plan(count);
            long began = System.nanoTime();
            List<Phase> phases = new DhtExperiment(plan, line -> {
                        err.printf(Locale.ROOT, "%6.1f s: %s%n", (System.nanoTime() - began) / 1e9, line);
                        err.flush();
                    })
                    .run();
            err.printf(
                    Locale.ROOT,
                    "%d nodes took %.1f s of real time and %.1f s of CPU time since the start of the program, %d MiB of heap%n",
                    count,
                    (System.nanoTime() - began) / 1e9,
                    cpuNanos() / 1e9,
                    heapBytes() >> 20);
            out.println(DhtReport.phases(plan, phases));
            out.flush();
            bySize.put(count, phases);
        }
        if (bySize.size() > 1) {
            out.println(DhtReport.growth(bySize));
            out.flush();
        }
        return 0;
    }

    private DhtPlan plan(int count) {
        try {
            SimOptions world = SimOptions.DEFAULT
                    .withNodes(count)
                    .withSeed(seed)
                    .withRtt(DhtUnits.duration("--rtt", rtt))
                    .withLoss(DhtUnits.share("--loss", loss))
                    .withIpLimits(!noIpLimits);
            return new DhtPlan(
                    world,
                    DhtUnits.count("--keys", keys, 1, 100_000),
                    DhtUnits.duration("--over", over),
                    DhtUnits.perHour("--churn", churn),
                    DhtUnits.duration("--for", churning),
                    DhtUnits.duration("--partition", partition),
                    DhtUnits.count("--sybils", sybils, 0, 100_000),
                    DhtUnits.count("--eclipse", eclipse, 0, 1000),
                    DhtUnits.count("--networks", networks, 1, 10_000));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    private static long heapBytes() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

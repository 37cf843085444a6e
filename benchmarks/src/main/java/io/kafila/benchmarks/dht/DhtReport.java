package io.kafila.benchmarks.dht;

import io.kafila.benchmarks.dht.DhtExperiment.Phase;
import io.kafila.dht.sim.Census;
import io.kafila.dht.sim.Measurement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as tables in Markdown. What it writes depends on the results alone: no date, no machine, no real time. */
final class DhtReport {
    private static final String HEADER = """
            | phase | operation | n | success | quality | hops mean | hops max | messages mean | p95 | time p50 | p95 |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;
    private static final String TABLES = """
            | phase | nodes | table mean | smallest | entries gone | attacker's | messages/node/min |
            |---|---|---|---|---|---|---|
            """;
    private static final String GROWTH = """
            | nodes | log2 n | lookup hops mean | max | lookup messages | provide messages | find messages | success |
            |---|---|---|---|---|---|---|---|
            """;

    private DhtReport() {}

    /** All phases of one network. */
    static String phases(DhtPlan plan, List<Phase> phases) {
        StringBuilder text = new StringBuilder(title(plan)).append("\n\n").append(HEADER);
        for (Phase phase : phases) {
            phase.measurements().forEach(each -> text.append(row(phase.name(), each)));
        }
        text.append('\n').append(TABLES);
        phases.forEach(phase -> text.append(row(phase)));
        return text.toString();
    }

    private static String title(DhtPlan plan) {
        StringBuilder text = new StringBuilder(format(
                "%d nodes, seed %d, round trip %d ms",
                plan.world().nodes(), plan.world().seed(), plan.world().rtt().toMillis()));
        if (plan.world().loss() > 0) {
            text.append(format(", loss %s", percent(plan.world().loss())));
        }
        if (plan.churnPerHour() > 0) {
            text.append(format(
                    ", %s replaced per hour for %d min before",
                    percent(plan.churnPerHour()), plan.churning().toMinutes()));
        }
        if (!plan.partition().isZero()) {
            text.append(format(", partition of %d min", plan.partition().toMinutes()));
        }
        if (plan.sybils() > 0) {
            text.append(format(", flood of %d identities", plan.sybils()));
        }
        if (plan.eclipse() > 0) {
            text.append(format(", eclipse by %d identities a key for %d keys", plan.eclipse(), DhtPlan.VICTIMS));
        }
        if (plan.sybils() + plan.eclipse() > 0) {
            text.append(format(" in %d /16 networks", plan.networks()));
        }
        if (!plan.world().ipLimits()) {
            text.append(", no limits by IP group");
        }
        return text.append(
                        ". Quality: a lookup's share of the truly nearest 20 that it named; provide's share of 20 servers"
                                + " told; the share of finds whose provider is still there.")
                .toString();
    }

    private static String row(String phase, Measurement each) {
        return format(
                "| %s | %s | %d | %s | %s | %s | %s | %.1f | %.0f | %.2f s | %.2f s |%n",
                phase,
                each.operation(),
                each.count(),
                percent(each.successRate()),
                percent(each.quality()),
                each.hops().max() == 0 ? "" : format("%.2f", each.hops().mean()),
                each.hops().max() == 0 ? "" : format("%.0f", each.hops().max()),
                each.messages().mean(),
                each.messages().p95(),
                each.millis().median() / 1000,
                each.millis().p95() / 1000);
    }

    private static String row(Phase phase) {
        Census census = phase.census();
        return format(
                "| %s | %d | %.1f | %d | %s | %s | %.1f |%n",
                phase.name(),
                census.nodes(),
                census.meanTable(),
                census.smallestTable(),
                percent(census.gone()),
                percent(census.attackers()),
                phase.messagesPerNodeMinute());
    }

    /** How the first phase, the calm one, grows with the network. */
    static String growth(Map<Integer, List<Phase>> bySize) {
        StringBuilder text = new StringBuilder(GROWTH);
        bySize.forEach((nodes, phases) -> {
            List<Measurement> calm = phases.get(0).measurements();
            text.append(format(
                    "| %d | %.1f | %.2f | %.0f | %.1f | %.1f | %.1f | %s |%n",
                    nodes,
                    Math.log(nodes) / Math.log(2),
                    calm.get(0).hops().mean(),
                    calm.get(0).hops().max(),
                    calm.get(0).messages().mean(),
                    calm.get(1).messages().mean(),
                    calm.get(2).messages().mean(),
                    percent(calm.stream()
                            .mapToDouble(Measurement::successRate)
                            .min()
                            .orElseThrow())));
        });
        return text.toString();
    }

    private static String percent(double share) {
        return format("%.1f %%", 100 * share);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values).replace("\r", "");
    }
}

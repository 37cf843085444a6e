package io.kafila.benchmarks.roofline;

import io.kafila.benchmarks.scenario.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The bounds that measured stages allow. Immutable, without I/O.
 *
 * @param costs the stages as this machine does them
 * @param setting what else a bound depends on
 */
public record MeasuredRoofline(StageCosts costs, Setting setting) implements Roofline {
    private static final double MIB = 1 << 20;

    /** One term of the minimum. */
    private record Term(String name, double bytesPerSecond, String detail) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s%s %.0f", name, detail, bytesPerSecond / MIB);
        }
    }

    /** The same stages in another setting. */
    public MeasuredRoofline with(Setting other) {
        return new MeasuredRoofline(costs, other);
    }

    /** The same where what is read lies on the disk, which a store without direct writes leaves in the page cache. */
    public MeasuredRoofline fromDisk() {
        return costs.has(Stage.DISK_READ) ? with(setting.withSource(Setting.Source.DISK)) : this;
    }

    @Override
    public Optional<Bound> bound(Workload workload) {
        return Route.of(workload, setting).map(this::bound);
    }

    private Bound bound(Route route) {
        List<Term> terms = new ArrayList<>();
        slowest("disk", route.disk()).ifPresent(terms::add);
        if (!route.wire().isEmpty()) {
            if (setting.link().isPresent()) {
                terms.add(new Term("wire", setting.link().getAsLong(), " (the link)"));
            } else {
                slowest("wire", route.wire()).ifPresent(terms::add);
            }
        }
        terms.add(cpu(route));
        slowest("slowest serial stage", route.serial()).ifPresent(terms::add);
        slowest("on all cores", route.parallel()).ifPresent(terms::add);
        double least = terms.stream().mapToDouble(Term::bytesPerSecond).min().orElseThrow();
        String all = terms.stream().map(Term::toString).collect(Collectors.joining(", "));
        return new Bound(least, String.format(Locale.ROOT, "min(%s) = %.0f MiB/s", all, least / MIB));
    }

    /** What the cores do together if they do nothing but the stages of both sides. */
    private Term cpu(Route route) {
        double sum = 0;
        List<String> sides = new ArrayList<>();
        for (Route.Side side : route.sides()) {
            List<String> stages = new ArrayList<>();
            for (Stage stage : side.stages()) {
                double cost = costs.of(stage).cpuSecondsPerGib();
                sum += cost;
                stages.add(String.format(Locale.ROOT, "%s %.2f", named(stage), cost));
            }
            sides.add(side.name() + ": " + String.join(" + ", stages));
        }
        String detail = String.format(
                Locale.ROOT,
                " %d cores x 1024 MiB / (%s = %.2f CPU s/GiB)",
                setting.cores(),
                String.join("; ", sides),
                sum);
        return new Term("CPU", setting.cores() * StageCost.GIB / sum, detail);
    }

    /** A stage, and who does its work where that is a choice. */
    private String named(Stage stage) {
        String provider = costs.providers().get(stage);
        return provider == null ? stage.label() : stage.label() + " by " + provider;
    }

    private Optional<Term> slowest(String term, List<Stage> stages) {
        return stages.stream()
                .min(Comparator.comparingDouble(stage -> costs.of(stage).bytesPerSecond()))
                .map(stage -> new Term(term, costs.of(stage).bytesPerSecond(), " (" + stage.label() + ")"));
    }
}

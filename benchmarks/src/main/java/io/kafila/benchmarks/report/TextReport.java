package io.kafila.benchmarks.report;

import io.kafila.benchmarks.Sizes;
import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.Workload;
import io.kafila.benchmarks.shows.Verdict;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/** A report as tables for a terminal. */
public final class TextReport {
    private static final String ROW = "  %-24s %9s %9s %9s %8s %7s  %-34s %-30s %7s %6s %6s %4s%n";
    private static final double MIB = 1 << 20;

    private TextReport() {}

    public static String of(Report report) {
        StringBuilder out = new StringBuilder();
        Machine machine = report.machine();
        out.append(format(
                "%s, %d cores, %.0f GiB, %s, %s%n",
                machine.cpu(),
                machine.cores(),
                machine.memoryBytes() / (double) (1 << 30),
                machine.kernel(),
                machine.filesystem()));
        out.append(report.versions().entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .collect(Collectors.joining(", ")))
                .append('\n');
        report.absent().forEach((name, how) -> out.append(format("absent: %s: %s%n", name, how)));
        report.notTried().forEach((name, why) -> out.append(format("not tried: %s: %s%n", name, why)));
        report.withoutPart()
                .forEach((name, where) ->
                        out.append(format("%s: does not take part in %s%n", name, String.join(", ", where))));
        report.disturbance().ifPresent(why -> out.append(why).append('\n'));
        for (ScenarioResult result : report.results()) {
            append(out, report, result);
        }
        append(out, report.verdicts());
        return out.toString();
    }

    private static void append(StringBuilder out, Report report, ScenarioResult result) {
        out.append(format("%n%s: %s (%s)%n", result.name(), result.title(), describe(result)));
        Optional<Bound> bound = report.bound(result);
        out.append(format(
                ROW,
                "",
                "median s",
                "min",
                "max",
                "MiB/s",
                "x Kubo",
                "CPU s/GiB",
                "peak RssAnon/RSS MiB",
                "written",
                "bound",
                "steal",
                "n"));
        for (var lane : result.lanes()) {
            LaneSummary row = LaneSummary.of(result, lane, report.bound(result, lane));
            if (row.runs() == 0) {
                out.append(
                        format("  %-24s FAILED: %s%n", row.name(), row.failure().orElse("no run")));
                if (row.restarts() > 0) {
                    out.append("    ").append(restarts(row)).append('\n');
                }
                continue;
            }
            out.append(format(
                    ROW,
                    row.name(),
                    format("%.3f", row.seconds().median()),
                    format("%.3f", row.seconds().min()),
                    format("%.3f", row.seconds().max()),
                    rate(row.rate().median()),
                    row.ratio().map(ratio -> format("%.2f", ratio)).orElse("-"),
                    sides(row.cpu(), value -> format("%.2f", value)),
                    memory(row),
                    format("%.2f", row.written()),
                    row.share().map(share -> format("%.0f%%", share * 100)).orElse("-"),
                    format("%.1f%%", row.steal() * 100),
                    row.failures() + row.restarts() == 0 ? row.runs() : row.runs() + "!"));
            if (!row.figures().isEmpty()) {
                out.append("    ")
                        .append(row.figures().entrySet().stream()
                                .map(each -> each.getKey() + " " + format("%.1f", each.getValue()))
                                .collect(Collectors.joining(", ")))
                        .append('\n');
            }
            if (row.restarts() > 0) {
                out.append("    ").append(restarts(row)).append('\n');
            }
            row.failure().ifPresent(why -> out.append(format("    %d failed: %s%n", row.failures(), why)));
        }
        bound.ifPresent(
                known -> out.append(format("  bound %.0f MiB/s: %s%n", known.bytesPerSecond() / MIB, known.formula())));
        report.ownBounds(result)
                .forEach((lane, known) -> out.append(
                        format("  bound of %s %.0f MiB/s: %s%n", lane, known.bytesPerSecond() / MIB, known.formula())));
    }

    static String restarts(LaneSummary row) {
        return row.restarts() + (row.restarts() == 1 ? " peer had ended and was" : " peers had ended and were")
                + " started anew";
    }

    /** A rate in MiB each second, with a digit more where it is small. */
    static String rate(double bytesPerSecond) {
        double rate = bytesPerSecond / MIB;
        return format(rate < 10 ? "%.1f" : "%.0f", rate);
    }

    static String describe(ScenarioResult result) {
        Workload workload = result.workload();
        return format(
                "%s%s, blocks of %d KiB, %s, %s",
                workload.files() == 1 ? "" : workload.files() + " files, ",
                Sizes.format(workload.bytes()),
                workload.blockBytes() >> 10,
                workload.security(),
                result.link());
    }

    private static String sides(Map<String, Double> values, DoubleFunction<String> form) {
        return values.entrySet().stream()
                .map(side -> side.getKey() + " " + form.apply(side.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String memory(LaneSummary row) {
        return row.peaks().entrySet().stream()
                .map(side -> format(
                        "%s %.0f/%.0f",
                        side.getKey(),
                        side.getValue().anon() / MIB,
                        side.getValue().resident() / MIB))
                .collect(Collectors.joining(" "));
    }

    private static void append(StringBuilder out, java.util.List<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        out.append("\nGoals\n");
        for (Verdict verdict : verdicts) {
            out.append(format(
                    "  %-8s %d. %s: %s, want %s%s%n",
                    verdict.status(),
                    verdict.show(),
                    verdict.claim(),
                    verdict.figure(),
                    verdict.target(),
                    verdict.shortfall().isEmpty() ? "" : " (" + verdict.shortfall() + ")"));
        }
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

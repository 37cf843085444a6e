package io.kafila.benchmarks.report;

import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.shows.Verdict;
import java.util.List;
import java.util.Locale;

/** A report as one page of HTML that needs nothing besides itself: plots as inline SVG, light and dark. */
public final class HtmlReport {
    private static final double MIB = 1 << 20;

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d9d9e0; --page: #fcfcfd;
              --kafila: #0d74ce; --other: #b9bbc6; --good: #2b9a66; --bad: #ce2c31; }
            @media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --line: #363a3f;
              --page: #111113; --kafila: #70b8ff; --other: #62636c; --good: #3dd68c; --bad: #ff9592; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 62rem;
              margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
            p, .soft { color: var(--soft); } .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; width: 100%; }
            th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
            th:first-child, td:first-child, td.text { text-align: left; white-space: normal; }
            th { color: var(--soft); font-weight: 500; } .pass { color: var(--good); } .short { color: var(--bad); }
            svg { width: 100%; height: auto; display: block; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
            svg .soft { fill: var(--soft); } svg .kafila { fill: var(--kafila); } svg .other { fill: var(--other); }
            svg .range { stroke: var(--ink); stroke-width: 1.5; } svg .bound { stroke: var(--bad); stroke-dasharray: 4 3; }
            """;

    private HtmlReport() {}

    public static String of(Report report) {
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.append("<meta name=\"viewport\" content=\"width=device-width\"><title>Kafila benchmarks</title><style>\n");
        out.append(STYLE).append("</style></head><body>\n<h1>Kafila benchmarks</h1>\n");
        Machine machine = report.machine();
        out.append("<p>")
                .append(escape(report.started().toString()))
                .append("<br>")
                .append(escape(String.format(
                        Locale.ROOT,
                        "%s, %d cores, %.0f GiB, %s, %s",
                        machine.cpu(),
                        machine.cores(),
                        machine.memoryBytes() / (double) (1 << 30),
                        machine.kernel(),
                        machine.filesystem())))
                .append("<br>");
        report.versions()
                .forEach((name, version) ->
                        out.append(escape(name + " " + version)).append(" &nbsp; "));
        out.append("<br>");
        report.options()
                .forEach(
                        (name, value) -> out.append(escape(name + ": " + value)).append(" &nbsp; "));
        out.append("</p>\n");
        report.absent()
                .forEach((name, how) -> out.append("<p>Absent: ")
                        .append(escape(name + ": " + how))
                        .append("</p>\n"));
        verdicts(out, report.verdicts());
        report.results().forEach(result -> scenario(out, report, result));
        out.append(
                        "<h2>How to read this</h2>\n<p>A bar is the median rate of the counted repetitions, the line across it")
                .append(
                        " goes from the slowest to the fastest. CPU is that of all named processes, for each GiB of content.")
                .append(" Written is what was sent towards the disk for each byte of content.</p>\n</body></html>\n");
        return out.toString();
    }

    private static void verdicts(StringBuilder out, List<Verdict> verdicts) {
        if (verdicts.isEmpty()) {
            return;
        }
        out.append("<h2>Goals</h2>\n<div class=\"scroll\"><table><tr><th>goal<th>reached<th>wanted<th></tr>\n");
        for (Verdict verdict : verdicts) {
            String style = verdict.status().toString().toLowerCase(Locale.ROOT);
            out.append("<tr><td>")
                    .append(escape(verdict.show() + ". " + verdict.claim()))
                    .append("<td>")
                    .append(escape(verdict.figure()))
                    .append("<td>")
                    .append(escape(verdict.target()))
                    .append("<td class=\"")
                    .append(style)
                    .append("\">")
                    .append(style)
                    .append(verdict.shortfall().isEmpty() ? "" : ", " + escape(verdict.shortfall()))
                    .append("</tr>\n");
        }
        out.append("</table></div>\n");
    }

    private static void scenario(StringBuilder out, Report report, ScenarioResult result) {
        List<LaneSummary> rows = result.lanes().stream()
                .map(lane -> LaneSummary.of(result, lane, report.bound(result)))
                .toList();
        out.append("<h2>")
                .append(escape(result.title()))
                .append("</h2>\n<p>")
                .append(escape(TextReport.describe(result)))
                .append("</p>\n")
                .append(BarPlot.of(rows, report.bound(result)))
                .append("<div class=\"scroll\"><table><tr><th>lane<th>median s<th>min<th>max<th>MiB/s<th>x Kubo")
                .append("<th>CPU s/GiB<th>peak RssAnon<th>written<th>steal<th>runs</tr>\n");
        for (LaneSummary row : rows) {
            out.append("<tr><td>").append(escape(row.name()));
            if (row.runs() == 0) {
                out.append("<td class=\"text short\" colspan=\"10\">failed: ")
                        .append(escape(row.failure().orElse("")))
                        .append("</tr>\n");
                continue;
            }
            cell(out, "%.3f", row.seconds().median());
            cell(out, "%.3f", row.seconds().min());
            cell(out, "%.3f", row.seconds().max());
            cell(out, "%.0f", row.rate().median() / MIB);
            cell(out, "%.2f", row.ratio().orElse(Double.NaN));
            cell(
                    out,
                    "%.2f",
                    row.cpu().values().stream().mapToDouble(each -> each).sum());
            cell(
                    out,
                    "%.0f MiB",
                    row.peakAnonBytes().values().stream()
                                    .mapToLong(each -> each)
                                    .max()
                                    .orElse(0)
                            / MIB);
            cell(out, "%.2f", row.written());
            cell(out, "%.1f%%", row.steal() * 100);
            out.append("<td>").append(row.runs()).append(row.failures() == 0 ? "" : ", " + row.failures() + " failed");
            out.append("</tr>\n");
            row.figures()
                    .forEach((name, value) -> out.append("<tr><td class=\"soft\">&nbsp; ")
                            .append(escape(name.replace('_', ' ')))
                            .append(String.format(Locale.ROOT, "<td>%.1f<td colspan=\"9\"></tr>%n", value)));
        }
        out.append("</table></div>\n");
        report.bound(result)
                .ifPresent(bound ->
                        out.append("<p>Bound: ").append(escape(bound.formula())).append("</p>\n"));
    }

    private static void cell(StringBuilder out, String pattern, double value) {
        out.append("<td>").append(Double.isNaN(value) ? "" : String.format(Locale.ROOT, pattern, value));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}

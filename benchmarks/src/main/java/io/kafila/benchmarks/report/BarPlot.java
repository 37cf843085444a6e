package io.kafila.benchmarks.report;

import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.roofline.Roofline.Bound;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rates as horizontal bars with their ranges, in SVG. */
final class BarPlot {
    private static final int WIDTH = 900;
    private static final int LABELS = 200;
    private static final int VALUES = 90;
    private static final int ROW = 30;
    private static final int BAR = 18;
    /** What the name of the bound takes below the bars. */
    private static final int LEGEND = 18;

    private static final double MIB = 1 << 20;

    private BarPlot() {}

    static String of(List<LaneSummary> all, Optional<Bound> bound) {
        List<LaneSummary> rows = all.stream().filter(row -> row.runs() > 0).toList();
        double most = rows.stream().mapToDouble(row -> row.rate().max()).max().orElse(0);
        double top = Math.max(most, bound.map(Bound::bytesPerSecond).orElse(0.0));
        if (top <= 0) {
            return "";
        }
        int height = rows.size() * ROW + 8 + (bound.isPresent() ? LEGEND : 0);
        StringBuilder out = new StringBuilder();
        out.append(format("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"rates\">%n", WIDTH, height));
        int span = WIDTH - LABELS - VALUES;
        for (int i = 0; i < rows.size(); i++) {
            LaneSummary row = rows.get(i);
            int y = i * ROW + 8;
            int middle = y + BAR / 2;
            double median = row.rate().median() / top * span;
            String style = row.name().startsWith(DaemonCompetitor.KAFILA) ? "kafila" : "other";
            out.append(format(
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    LABELS - 10, middle + 4, HtmlReport.escape(row.name())));
            out.append(format(
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                    style, LABELS, y, median, BAR));
            out.append(format(
                    "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
                    LABELS + row.rate().min() / top * span, LABELS + row.rate().max() / top * span, middle, middle));
            for (double each : row.rates()) {
                out.append(format(
                        "<circle class=\"run\" cx=\"%.1f\" cy=\"%d\" r=\"2.5\"/>%n",
                        LABELS + each / top * span, middle));
            }
            out.append(format(
                    "<text class=\"soft\" x=\"%.1f\" y=\"%d\">%s MiB/s</text>%n",
                    LABELS + row.rate().max() / top * span + 8,
                    middle + 4,
                    TextReport.rate(row.rate().median())));
        }
        bound.ifPresent(known -> {
            double x = LABELS + known.bytesPerSecond() / top * span;
            int foot = height - LEGEND;
            out.append(format("<line class=\"bound\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>%n", x, x, foot));
            out.append(format(
                    "<text class=\"soft\" x=\"%.1f\" y=\"%d\" text-anchor=\"end\">bound %.0f MiB/s</text>%n",
                    x + 4, height - 4, known.bytesPerSecond() / MIB));
        });
        return out.append("</svg>\n").toString();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

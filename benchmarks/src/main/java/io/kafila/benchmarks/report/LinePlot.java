package io.kafila.benchmarks.report;

import io.kafila.benchmarks.peer.DaemonCompetitor;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Series of figures over an axis on which each step doubles, in SVG; the other axis begins at nought. */
final class LinePlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int RIGHT = 150;
    private static final int TOP = 16;
    private static final int BOTTOM = 34;
    private static final int STEPS = 4;

    private LinePlot() {}

    /**
     * @param series by name: the figures at places of the axis, which are at least 1
     * @param place writes a place of the axis
     * @param unit of the figures
     */
    static String of(
            Map<String, SortedMap<Long, Double>> series, java.util.function.LongFunction<String> place, String unit) {
        SortedMap<Long, Double> places = new TreeMap<>();
        double top = 0;
        for (SortedMap<Long, Double> points : series.values()) {
            places.putAll(points);
            top = points.values().stream().mapToDouble(each -> each).reduce(top, Math::max);
        }
        if (places.size() < 2 || top <= 0) {
            return "";
        }
        double scale = nice(top);
        double first = log(places.firstKey());
        double span = log(places.lastKey()) - first;
        StringBuilder out = new StringBuilder();
        out.append(format("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n", WIDTH, HEIGHT, unit));
        for (int i = 0; i <= STEPS; i++) {
            double y = y(scale * i / STEPS, scale);
            out.append(format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n", LEFT, WIDTH - RIGHT, y, y));
            out.append(format(
                    "<text class=\"soft\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s%s</text>%n",
                    LEFT - 8, y + 4, number(scale * i / STEPS), i == STEPS ? " " + unit : ""));
        }
        for (long each : places.keySet()) {
            out.append(format(
                    "<text class=\"soft\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x(each, first, span), HEIGHT - 10, HtmlReport.escape(place.apply(each))));
        }
        series.forEach((name, points) -> append(out, name, points, first, span, scale));
        return out.append("</svg>\n").toString();
    }

    private static void append(
            StringBuilder out, String name, SortedMap<Long, Double> points, double first, double span, double scale) {
        if (points.isEmpty()) {
            return;
        }
        String style = name.startsWith(DaemonCompetitor.KAFILA) ? "kafila" : "other";
        StringBuilder line = new StringBuilder();
        double last = 0;
        for (Map.Entry<Long, Double> point : points.entrySet()) {
            double x = x(point.getKey(), first, span);
            last = y(point.getValue(), scale);
            line.append(format("%.1f,%.1f ", x, last));
            out.append(format("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n", style, x, last));
        }
        out.append(format(
                "<polyline class=\"%s-line\" points=\"%s\"/>%n",
                style, line.toString().strip()));
        out.append(
                format("<text x=\"%d\" y=\"%.1f\">%s</text>%n", WIDTH - RIGHT + 12, last + 4, HtmlReport.escape(name)));
    }

    private static double x(long at, double first, double span) {
        return LEFT + 20 + (log(at) - first) / span * (WIDTH - LEFT - RIGHT - 40);
    }

    private static double y(double value, double scale) {
        return HEIGHT - BOTTOM - value / scale * (HEIGHT - TOP - BOTTOM);
    }

    private static double log(long value) {
        return Math.log((double) value) / Math.log(2);
    }

    /** The least of 1, 2, 4, 5, 8 times a power of ten that is not below a value. */
    private static double nice(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double factor : new double[] {1, 2, 4, 5, 8}) {
            if (factor * power >= value) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? format("%.0f", value) : format("%.2g", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

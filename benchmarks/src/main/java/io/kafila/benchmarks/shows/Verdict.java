package io.kafila.benchmarks.shows;

import java.util.Locale;

/**
 * A goal beside what was reached.
 *
 * @param show the number of the goal's group
 * @param claim what is claimed
 * @param figure what was measured, with its unit
 * @param target what was wanted, with its unit
 * @param shortfall how far it falls short; empty where it does not
 */
public record Verdict(int show, String claim, Status status, String figure, String target, String shortfall) {
    /** How a goal came out. */
    public enum Status {
        /** Reached. */
        PASS,
        /** Measured and not reached. */
        SHORT,
        /** Not measured in this run. */
        UNKNOWN
    }

    /** A figure that is to be at least so much. */
    static Verdict atLeast(int show, String claim, double figure, double target, String unit) {
        return of(show, claim, figure, target, unit, "at least", figure >= target);
    }

    /** A figure that is to be at most so much. */
    static Verdict atMost(int show, String claim, double figure, double target, String unit) {
        return of(show, claim, figure, target, unit, "at most", figure <= target);
    }

    private static Verdict of(
            int show, String claim, double figure, double target, String unit, String word, boolean reached) {
        String wanted = word + " " + number(target) + unit;
        if (Double.isNaN(figure)) {
            return new Verdict(show, claim, Status.UNKNOWN, "not measured", wanted, "");
        }
        double off = Math.abs(figure / target - 1) * 100;
        return new Verdict(
                show,
                claim,
                reached ? Status.PASS : Status.SHORT,
                number(figure) + unit,
                wanted,
                reached ? "" : String.format(Locale.ROOT, "off by %.0f%%", off));
    }

    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }
}

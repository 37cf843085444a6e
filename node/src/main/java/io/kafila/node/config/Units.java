package io.kafila.node.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Durations and sizes as people write them in the configuration and on the command line: {@code 1h30m}, {@code 250ms},
 * {@code 10GB}, {@code 256KiB}. The rules are those of Go's {@code time.ParseDuration} and go-humanize.
 */
public final class Units {
    private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00b5s", 1_000L,
            "\u03bcs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final String PREFIXES = "kmgtpe";

    private Units() {}

    /** Parses a sum of numbers with units, with an optional sign; {@code 0} needs no unit. */
    public static Duration duration(String text) {
        String rest = text;
        boolean negative = rest.startsWith("-");
        if (negative || rest.startsWith("+")) {
            rest = rest.substring(1);
        }
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty()) {
            throw invalidDuration(text);
        }
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length()) {
            int unitAt = skip(rest, at, true);
            int next = skip(rest, unitAt, false);
            if (unitAt == at) {
                throw invalidDuration(text);
            }
            String unit = rest.substring(unitAt, next);
            Long factor = NANOS.get(unit);
            if (unit.isEmpty()) {
                throw new ConfigException("time: missing unit in duration \"" + text + "\"");
            }
            if (factor == null) {
                throw new ConfigException("time: unknown unit \"" + unit + "\" in duration \"" + text + "\"");
            }
            nanos = nanos.add(number(rest.substring(at, unitAt), text).multiply(BigDecimal.valueOf(factor)));
            at = next;
        }
        if (nanos.compareTo(MAX_NANOS) > 0) {
            throw invalidDuration(text);
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    private static int skip(String text, int from, boolean digits) {
        int at = from;
        while (at < text.length() && digits == (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static BigDecimal number(String digits, String text) {
        try {
            return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw invalidDuration(text);
        }
    }

    private static ConfigException invalidDuration(String text) {
        return new ConfigException("time: invalid duration \"" + text + "\"");
    }

    /** Writes a duration as Go does: {@code 1h0m0s}, {@code 1.5s}, {@code 250ms}, {@code 0s}. */
    public static String text(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long value = Math.abs(nanos);
        if (value < 1_000L) {
            return sign + value + "ns";
        }
        if (value < 1_000_000L) {
            return sign + decimal(value, 3) + "\u00b5s";
        }
        if (value < 1_000_000_000L) {
            return sign + decimal(value, 6) + "ms";
        }
        long minutes = value / 60_000_000_000L;
        String seconds = decimal(value % 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long value, int scale) {
        BigDecimal number = BigDecimal.valueOf(value, scale).stripTrailingZeros();
        return (number.scale() < 0 ? number.setScale(0) : number).toPlainString();
    }

    /** Parses a size in bytes: a number with an optional unit, {@code KB} for 1000 and {@code KiB} for 1024, any case. */
    public static long bytes(String text) {
        String trimmed = text.strip().replace(",", "");
        int unitAt = skip(trimmed, 0, true);
        String unit = trimmed.substring(unitAt).strip().toLowerCase(Locale.ROOT);
        try {
            BigDecimal value = new BigDecimal(trimmed.substring(0, unitAt)).multiply(factor(unit, text));
            return value.toBigInteger().longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new ConfigException("size \"" + text + "\": want a number of bytes such as 10GB or 256KiB", e);
        }
    }

    private static BigDecimal factor(String unit, String text) {
        if (unit.isEmpty() || unit.equals("b")) {
            return BigDecimal.ONE;
        }
        int power = PREFIXES.indexOf(unit.charAt(0)) + 1;
        String rest = unit.substring(1);
        boolean binary = rest.startsWith("i");
        if (power == 0 || !(rest.isEmpty() || rest.equals("b") || rest.equals("i") || rest.equals("ib"))) {
            throw new ConfigException("size \"" + text + "\": unknown unit \"" + unit + "\"");
        }
        return BigDecimal.valueOf(binary ? 1024 : 1000).pow(power);
    }
}

package io.kafila.benchmarks;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512MiB}, {@code 1GiB}, {@code 4G}, {@code 100kB}, {@code 4096}. */
public final class Sizes {
    private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(i?b?)");

    private Sizes() {}

    /** Bytes. A letter alone or with {@code iB} counts in 1024s, with {@code B} in 1000s. */
    public static long parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("size: " + text + ", want a number with a unit such as 512MiB or 4GiB");
        }
        double base = matcher.group(3).equals("b") ? 1000 : 1024;
        int power = matcher.group(2).isEmpty() ? 0 : "kmgt".indexOf(matcher.group(2)) + 1;
        double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(base, power);
        if (bytes < 1 || bytes > 1L << 50) {
            throw new IllegalArgumentException("size: " + text + ", want 1 byte to 1024 TiB");
        }
        return (long) bytes;
    }

    /** The shortest writing: {@code 1 GiB}. */
    public static String format(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return (value == Math.rint(value) ? String.format("%.0f", value) : String.format("%.1f", value)) + " "
                + units[unit];
    }
}

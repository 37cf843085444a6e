package io.kafila.benchmarks.dht;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times, shares and rates as people write them. */
final class DhtUnits {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h)");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)(%?)");

    private DhtUnits() {}

    static Duration duration(String option, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    option + ": " + text + ", want a number with ms, s, m or h, such as 50ms");
        }
        long value = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(value);
            case "s" -> Duration.ofSeconds(value);
            case "m" -> Duration.ofMinutes(value);
            default -> Duration.ofHours(value);
        };
    }

    /** {@code 0.02} or {@code 2%}. */
    static double share(String option, String text) {
        Matcher matcher = SHARE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(option + ": " + text + ", want a share such as 0.02 or 2%");
        }
        return Double.parseDouble(matcher.group(1)) / (matcher.group(2).isEmpty() ? 1 : 100);
    }

    /** {@code 0.5/h} or {@code 50%/h}. */
    static double perHour(String option, String text) {
        if (!text.endsWith("/h")) {
            throw new IllegalArgumentException(option + ": " + text + ", want a share by hour such as 0.5/h or 50%/h");
        }
        return share(option, text.substring(0, text.length() - 2));
    }

    static int count(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(option + ": " + value + ", want " + least + " to " + most);
        }
        return value;
    }
}

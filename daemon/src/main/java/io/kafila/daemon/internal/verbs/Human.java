package io.kafila.daemon.internal.verbs;

import java.time.Instant;
import java.util.Locale;

/** Numbers as people read them. */
final class Human {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Human() {}

    /** As go-humanize's Bytes: {@code 1.2 kB}, {@code 83 MB}. */
    static String bytes(long bytes) {
        if (bytes < 10) {
            return bytes + " B";
        }
        int unit = 0;
        double value = bytes;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        value = Math.floor(value * 10 + 0.5) / 10;
        return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    /** RFC 3339 as Go writes it in JSON: a fraction has no zeros at its end. */
    static String time(Instant time) {
        String text = time.toString();
        return text.contains(".") ? text.replaceFirst("0+Z$", "Z") : text;
    }

    /** For progress: {@code 1.23 GiB}. */
    static String binary(long bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < BINARY_UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.2f %s", value, BINARY_UNITS[unit]);
    }

    /** A text without what could move a terminal's cursor or hide other text. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean hidden = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.UNASSIGNED
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            if (!hidden) {
                safe.appendCodePoint(c);
            } else if (c < 0x100) {
                safe.append(String.format("\\x%02x", c));
            } else {
                safe.append(String.format("\\u%04x", c));
            }
        });
        return safe.toString();
    }
}

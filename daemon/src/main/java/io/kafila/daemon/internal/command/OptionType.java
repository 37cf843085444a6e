package io.kafila.daemon.internal.command;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** What an option holds, with the names that help texts and error messages give it. */
public enum OptionType {
    BOOL("bool", 0),
    INT("int", 31),
    INT64("int64", 63),
    UINT("uint", 32),
    UINT64("uint64", 64),
    FLOAT("float64", 0),
    STRING("string", 0),
    /** May be given several times. */
    STRINGS("array", 0),
    /** Like {@link #STRINGS}; each value may hold several, with commas between. */
    COMMA_STRINGS("array", 0);

    private final String specName;
    private final int bits;

    OptionType(String specName, int bits) {
        this.specName = specName;
        this.bits = bits;
    }

    public String specName() {
        return specName;
    }

    public boolean isList() {
        return this == STRINGS || this == COMMA_STRINGS;
    }

    /** A text as a value: Boolean, Long, Double, String or a list of strings. */
    Object parse(String text) {
        return switch (this) {
            case BOOL -> bool(text.toLowerCase(Locale.ROOT));
            case INT, INT64, UINT, UINT64 -> integer(text);
            case FLOAT -> Double.valueOf(text);
            case STRING -> text;
            case STRINGS -> List.of(text);
            case COMMA_STRINGS -> List.of(text.split(",", -1));
        };
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "", "1", "t", "true" -> true;
            case "0", "f", "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private Long integer(String text) {
        String digits = text.replace("_", "");
        boolean negative = digits.startsWith("-");
        String unsigned = negative || digits.startsWith("+") ? digits.substring(1) : digits;
        int radix = radix(unsigned.toLowerCase(Locale.ROOT));
        int prefix = radix == 10 ? 0 : radix == 8 && Character.isDigit(unsigned.charAt(1)) ? 1 : 2;
        BigInteger value = new BigInteger(unsigned.substring(prefix), radix);
        boolean signed = this == INT || this == INT64;
        if (value.bitLength() > bits || unsigned.startsWith("-") || (negative && !signed)) {
            throw new IllegalArgumentException(text);
        }
        return negative ? -value.longValue() : value.longValue();
    }

    private static int radix(String digits) {
        if (digits.length() < 2 || digits.charAt(0) != '0') {
            return 10;
        }
        return switch (digits.charAt(1)) {
            case 'x' -> 16;
            case 'b' -> 2;
            default -> 8;
        };
    }
}

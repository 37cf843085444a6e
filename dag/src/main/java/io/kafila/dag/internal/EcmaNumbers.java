package io.kafila.dag.internal;

/** How ECMAScript lays out the digits of a number (ECMA-262, Number::toString). */
final class EcmaNumbers {
    /** From this power of ten on, and below {@link #SMALLEST}, numbers have an exponent. */
    private static final int LARGEST = 21;

    private static final int SMALLEST = -6;

    private EcmaNumbers() {}

    /**
     * The same digits in that layout, with ".0" where neither a point nor an exponent would show that it is a float.
     *
     * @param text a finite number as {@link Double#toString(double)} lays it out: {@code -1.25E-7}, {@code 12.5}
     */
    static String layOut(String text) {
        boolean negative = text.startsWith("-");
        int mark = text.indexOf('E');
        int exponent = mark < 0 ? 0 : Integer.parseInt(text.substring(mark + 1));
        String mantissa = text.substring(negative ? 1 : 0, mark < 0 ? text.length() : mark);
        int point = mantissa.indexOf('.');
        int whole = point < 0 ? mantissa.length() : point;
        String digits = point < 0 ? mantissa : mantissa.substring(0, point) + mantissa.substring(point + 1);
        int leading = 0;
        while (leading < digits.length() - 1 && digits.charAt(leading) == '0') {
            leading++;
        }
        int trailing = digits.length();
        while (trailing > leading + 1 && digits.charAt(trailing - 1) == '0') {
            trailing--;
        }
        // The value is 0.digits * 10^scale.
        int scale = whole - leading + exponent;
        String significant = digits.substring(leading, trailing);
        String laidOut = significant.equals("0") ? "0.0" : layOut(significant, scale);
        return negative ? "-" + laidOut : laidOut;
    }

    private static String layOut(String digits, int scale) {
        int count = digits.length();
        if (scale > LARGEST || scale <= SMALLEST) {
            int exponent = scale - 1;
            return digits.charAt(0)
                    + (count > 1 ? "." + digits.substring(1) : "")
                    + "e"
                    + (exponent < 0 ? "" : "+")
                    + exponent;
        }
        if (scale <= 0) {
            return "0." + "0".repeat(-scale) + digits;
        }
        if (scale >= count) {
            return digits + "0".repeat(scale - count) + ".0";
        }
        return digits.substring(0, scale) + "." + digits.substring(scale);
    }
}

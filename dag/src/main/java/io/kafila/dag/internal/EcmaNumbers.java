package io.kafila.dag.internal;

import com.fasterxml.jackson.core.io.NumberOutput;

/** Floats as ECMAScript writes them (ECMA-262, Number::toString), which go-ipld-prime and JSON.stringify agree on. */
final class EcmaNumbers {
    /** From this power of ten on, and up to {@link #SMALLEST}, numbers have an exponent. */
    private static final int LARGEST = 21;

    private static final int SMALLEST = -6;

    private EcmaNumbers() {}

    /**
     * The shortest digits that give the number back, with ".0" where neither a point nor an exponent would show that it is
     * a float.
     *
     * @param value a finite number
     */
    static String text(double value) {
        double positive = Math.abs(value);
        // Double.toString does not give the shortest digits before Java 19.
        String text = NumberOutput.toString(positive, true);
        int mark = text.indexOf('E');
        int exponent = mark < 0 ? 0 : Integer.parseInt(text.substring(mark + 1));
        String mantissa = mark < 0 ? text : text.substring(0, mark);
        int point = mantissa.indexOf('.');
        String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
        int leading = 0;
        while (leading < digits.length() - 1 && digits.charAt(leading) == '0') {
            leading++;
        }
        int end = digits.length();
        while (end > leading + 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        // The value is 0.digits * 10^scale.
        String laidOut = layOut(positive, digits.substring(leading, end), point - leading + exponent);
        return Double.doubleToRawLongBits(value) < 0 ? "-" + laidOut : laidOut;
    }

    private static String layOut(double value, String digits, int scale) {
        if (digits.equals("0")) {
            return "0.0";
        }
        if (digits.length() == 2) {
            // Java prefers the closest two digits where one would do: 9.9E-324 for 1e-323.
            int down = digits.charAt(0) - '0';
            int closer = digits.charAt(1) >= '5' ? down + 1 : down;
            int other = closer == down ? down + 1 : down;
            if (gives(value, closer, scale)) {
                return oneDigit(closer, scale);
            }
            if (gives(value, other, scale)) {
                return oneDigit(other, scale);
            }
        }
        return layOut(digits, scale);
    }

    private static String oneDigit(int digit, int scale) {
        return digit == 10 ? layOut("1", scale + 1) : layOut(Integer.toString(digit), scale);
    }

    private static boolean gives(double value, int digit, int scale) {
        return Double.parseDouble(digit + "E" + (scale - 1)) == value;
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

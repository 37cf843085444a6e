package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.MultiformatException;

/** IPv4 and IPv6 addresses, in network byte order. No name is ever resolved. */
public final class IpCodecs {
    public static final int IP4_BYTES = 4;
    public static final int IP6_BYTES = 16;

    private static final int GROUPS = 8;
    private static final int MAPPED_PREFIX_BYTES = 12;

    private IpCodecs() {}

    /** Dotted decimal, without leading zeros. */
    public static final class Ip4 implements ValueCodec {
        @Override
        public byte[] parse(String text) {
            return parseIp4(text);
        }

        @Override
        public String format(byte[] value) {
            return formatIp4(value, 0);
        }

        @Override
        public void check(byte[] value) {
            requireLength("ip4", value, IP4_BYTES);
        }
    }

    /** RFC 4291 when read, RFC 5952 when written; addresses mapped from IPv4 end in dotted decimal. */
    public static final class Ip6 implements ValueCodec {
        @Override
        public byte[] parse(String text) {
            return parseIp6(text);
        }

        @Override
        public String format(byte[] value) {
            return isMapped(value) ? "::ffff:" + formatIp4(value, MAPPED_PREFIX_BYTES) : formatGroups(value);
        }

        @Override
        public void check(byte[] value) {
            requireLength("ip6", value, IP6_BYTES);
        }
    }

    static void requireLength(String name, byte[] value, int want) {
        if (value.length != want) {
            throw new MultiformatException(name + ": " + value.length + " bytes, want " + want);
        }
    }

    private static byte[] parseIp4(String text) {
        byte[] value = new byte[IP4_BYTES];
        int at = 0;
        for (int i = 0; i < IP4_BYTES; i++) {
            int start = at;
            int number = 0;
            while (at < text.length() && at - start < 3 && isDigit(text.charAt(at))) {
                number = number * 10 + text.charAt(at++) - '0';
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            boolean delimited = i == IP4_BYTES - 1 ? at == text.length() : at < text.length() && text.charAt(at) == '.';
            if (at == start || number > 0xFF || leadingZero || !delimited) {
                throw new MultiformatException("ip4: \"" + text + "\", want four decimal numbers of at most 255");
            }
            at++;
            value[i] = (byte) number;
        }
        return value;
    }

    private static String formatIp4(byte[] value, int from) {
        return (value[from] & 0xFF) + "." + (value[from + 1] & 0xFF) + "." + (value[from + 2] & 0xFF) + "."
                + (value[from + 3] & 0xFF);
    }

    private static byte[] parseIp6(String text) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        }
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0 && text.charAt(end) < 128) {
                end++;
            }
            if (end < text.length() && text.charAt(end) == '.' && count <= GROUPS - 2) {
                byte[] tail = parseIp4(text.substring(at));
                groups[count++] = (tail[0] & 0xFF) << 8 | (tail[1] & 0xFF);
                groups[count++] = (tail[2] & 0xFF) << 8 | (tail[3] & 0xFF);
                at = text.length();
                break;
            }
            if (end == at || end - at > 4 || count == GROUPS) {
                throw notIp6(text);
            }
            groups[count++] = Integer.parseInt(text.substring(at, end), 16);
            at = end;
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at) != ':' || at + 1 == text.length()) {
                throw notIp6(text);
            }
            at++;
            if (text.charAt(at) == ':') {
                if (gap >= 0) {
                    throw notIp6(text);
                }
                gap = count;
                at++;
            }
        }
        if (gap < 0 ? count != GROUPS : count >= GROUPS) {
            throw notIp6(text);
        }
        byte[] value = new byte[IP6_BYTES];
        int shift = GROUPS - count;
        for (int i = 0; i < count; i++) {
            int to = gap >= 0 && i >= gap ? i + shift : i;
            value[2 * to] = (byte) (groups[i] >>> 8);
            value[2 * to + 1] = (byte) groups[i];
        }
        return value;
    }

    private static String formatGroups(byte[] value) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (value[2 * i] & 0xFF) << 8 | (value[2 * i + 1] & 0xFF);
        }
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (i > 0 && !(gap >= 0 && i == gap + gapLength)) {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    private static boolean isMapped(byte[] value) {
        for (int i = 0; i < MAPPED_PREFIX_BYTES; i++) {
            if (value[i] != (i < 10 ? 0 : (byte) 0xFF)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static MultiformatException notIp6(String text) {
        return new MultiformatException("ip6: \"" + text + "\" is no IPv6 address");
    }
}

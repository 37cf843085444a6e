package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.MultiformatException;

/** Unsigned decimal numbers of one or two bytes, big-endian: ports and prefix lengths. */
public final class Decimal implements ValueCodec {
    private final String name;
    private final int bytes;

    public Decimal(String name, int bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    @Override
    public byte[] parse(String text) {
        int number = number(name, text, (1 << (8 * bytes)) - 1);
        return bytes == 1 ? new byte[] {(byte) number} : new byte[] {(byte) (number >>> 8), (byte) number};
    }

    @Override
    public String format(byte[] value) {
        int number = 0;
        for (byte next : value) {
            number = number << 8 | (next & 0xFF);
        }
        return Integer.toString(number);
    }

    @Override
    public void check(byte[] value) {
        IpCodecs.requireLength(name, value, bytes);
    }

    static int number(String name, String text, int max) {
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            number = digit >= '0' && digit <= '9' ? number * 10 + digit - '0' : max + 1;
            if (number > max) {
                break;
            }
        }
        if (text.isEmpty() || number > max) {
            throw new MultiformatException(name + ": \"" + text + "\", want a number from 0 to " + max);
        }
        return number;
    }
}

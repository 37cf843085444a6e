package io.kafila.libp2p.internal.doh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A question to a resolver that asks others on its behalf, and the data of the records in its answer (RFC 1035, section 4). Names that
 * lead to other names (CNAME) were followed by the resolver, so whatever record of the type is in the answer counts. Stateless.
 */
public final class DnsQuery {
    /** The length of a DNS message is a number of 16 bits wherever it is told. */
    public static final int MAX_MESSAGE_BYTES = 65_535;

    public static final int A = 1;
    public static final int TXT = 16;
    public static final int AAAA = 28;

    /** How many records of an answer count. */
    static final int MAX_RECORDS = 256;

    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int CODE = 0x000F;
    private static final int NO_SUCH_NAME = 3;
    private static final int INTERNET = 1;
    private static final int MAX_LABEL_BYTES = 63;
    private static final int MAX_NAME_BYTES = 253;
    private static final int POINTER = 0xC0;

    private DnsQuery() {}

    /**
     * The message that asks for the records of one type; its id is 0 (RFC 8484, section 4.1).
     *
     * @throws IOException if {@code name} is none of the DNS
     */
    public static byte[] encode(String name, int type) throws IOException {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        putShort(out, 0);
        putShort(out, RECURSION_DESIRED);
        putShort(out, 1);
        putShort(out, 0);
        putShort(out, 0);
        putShort(out, 0);
        for (String label : bare.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > MAX_LABEL_BYTES || bare.length() > MAX_NAME_BYTES) {
                throw new IOException("dns: " + name + " is no name, want labels of 1 to 63 bytes and 253 in all");
            }
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        putShort(out, type);
        putShort(out, INTERNET);
        return out.toByteArray();
    }

    private static void putShort(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    /**
     * The data of the answer's records of one type; none where the name does not exist.
     *
     * @throws IOException if the resolver could not answer, or its message is none
     */
    public static List<byte[]> decode(byte[] message, int type) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(message);
        try {
            in.getShort(); // the id
            int flags = in.getShort() & 0xFFFF;
            int questions = in.getShort() & 0xFFFF;
            int answers = in.getShort() & 0xFFFF;
            in.getInt(); // authorities and additionals
            if ((flags & RESPONSE) == 0) {
                throw new IOException("dns: the resolver's message is no response");
            }
            int code = flags & CODE;
            if (code == NO_SUCH_NAME) {
                return List.of();
            }
            if (code != 0) {
                throw new IOException("dns: the resolver answered with code " + code + ", want 0");
            }
            for (int i = 0; i < questions; i++) {
                skipName(in);
                in.getInt(); // type and class
            }
            List<byte[]> found = new ArrayList<>();
            for (int i = 0; i < answers && found.size() < MAX_RECORDS; i++) {
                skipName(in);
                int has = in.getShort() & 0xFFFF;
                in.getShort(); // class
                in.getInt(); // time to live
                byte[] data = new byte[checked(in, in.getShort() & 0xFFFF)];
                in.get(data);
                if (has == type) {
                    found.add(data);
                }
            }
            return found;
        } catch (BufferUnderflowException e) {
            throw new IOException("dns: the resolver's message ends after " + message.length + " bytes, want more", e);
        }
    }

    private static int checked(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }

    /** Names before the data need not be read: a pointer ends one. */
    private static void skipName(ByteBuffer in) {
        while (true) {
            int length = in.get() & 0xFF;
            if (length == 0) {
                return;
            }
            if ((length & POINTER) == POINTER) {
                in.get();
                return;
            }
            in.position(in.position() + checked(in, length));
        }
    }

    /**
     * The strings of a TXT record joined to one text of UTF-8.
     *
     * @throws IOException if they end early
     */
    public static String text(byte[] data) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(data.length);
        int at = 0;
        while (at < data.length) {
            int length = data[at] & 0xFF;
            if (at + 1 + length > data.length) {
                throw new IOException("dns: text of " + length + " bytes, " + (data.length - at - 1) + " left");
            }
            joined.write(data, at + 1, length);
            at += 1 + length;
        }
        return joined.toString(StandardCharsets.UTF_8);
    }
}

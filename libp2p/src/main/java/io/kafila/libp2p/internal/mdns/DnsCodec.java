package io.kafila.libp2p.internal.mdns;

import io.kafila.libp2p.Libp2pException;
import io.kafila.libp2p.internal.mdns.DnsMessage.Data;
import io.kafila.libp2p.internal.mdns.DnsMessage.Entry;
import io.kafila.libp2p.internal.mdns.DnsMessage.Question;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes {@link DnsMessage}s. Stateless. */
final class DnsCodec {
    private static final int RESPONSE = 0x8400; // an answer with authority
    private static final int RESPONSE_BIT = 0x8000;
    private static final int INTERNET = 1;

    /** In a question: answer by unicast; in a record: forget what others said of the name. */
    private static final int TOP_BIT = 0x8000;

    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_LABEL_BYTES = 63;
    private static final int POINTER = 0xC0;
    private static final int MAX_POINTER = 0x3FFF;

    private DnsCodec() {}

    /** @throws Libp2pException naming what is wrong with a stranger's message */
    static DnsMessage decode(byte[] bytes) {
        if (bytes.length > DnsMessage.MAX_BYTES) {
            throw new Libp2pException(
                    "mdns: message of " + bytes.length + " bytes, want at most " + DnsMessage.MAX_BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int id = in.getShort() & 0xFFFF;
            int flags = in.getShort() & 0xFFFF;
            int questionCount = count(in, DnsMessage.MAX_QUESTIONS, "questions");
            int answerCount = count(in, DnsMessage.MAX_ENTRIES, "answers");
            int authorityCount = count(in, DnsMessage.MAX_ENTRIES, "authorities");
            int additionalCount = count(in, DnsMessage.MAX_ENTRIES, "additionals");
            List<Question> questions = new ArrayList<>();
            for (int i = 0; i < questionCount; i++) {
                String name = name(in);
                int type = in.getShort() & 0xFFFF;
                questions.add(new Question(name, type, (in.getShort() & TOP_BIT) != 0));
            }
            List<Entry> answers = entries(in, answerCount);
            List<Entry> additionals = entries(in, authorityCount + additionalCount);
            return new DnsMessage(id, (flags & RESPONSE_BIT) != 0, questions, answers, additionals);
        } catch (BufferUnderflowException e) {
            throw new Libp2pException("mdns: message ends after " + bytes.length + " bytes, want more", e);
        }
    }

    private static int count(ByteBuffer in, int most, String what) {
        int count = in.getShort() & 0xFFFF;
        if (count > most) {
            throw new Libp2pException("mdns: " + count + " " + what + ", want at most " + most);
        }
        return count;
    }

    private static List<Entry> entries(ByteBuffer in, int count) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = name(in);
            int type = in.getShort() & 0xFFFF;
            in.getShort(); // the class
            long ttlSeconds = in.getInt() & 0xFFFF_FFFFL;
            int length = in.getShort() & 0xFFFF;
            if (length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            int end = in.position() + length;
            // names in it may point back into the message, so it is read in place
            ByteBuffer data = in.duplicate().limit(end);
            entries.add(new Entry(name, ttlSeconds, data(data, type)));
            in.position(end);
        }
        return entries;
    }

    private static Data data(ByteBuffer in, int type) {
        switch (type) {
            case DnsMessage.PTR:
                return new Data.Pointer(name(in));
            case DnsMessage.SRV:
                in.getInt(); // priority and weight
                int port = in.getShort() & 0xFFFF;
                return new Data.Service(port, name(in));
            case DnsMessage.TXT:
                List<String> strings = new ArrayList<>();
                while (in.hasRemaining()) {
                    strings.add(string(in, in.get() & 0xFF));
                }
                return new Data.Texts(strings);
            case DnsMessage.A:
            case DnsMessage.AAAA:
                byte[] address = new byte[type == DnsMessage.A ? 4 : 16];
                in.get(address);
                return new Data.Address(address(address));
            default:
                return new Data.Other(type);
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static String string(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Pointers go back only, so that none can lead round in a circle. */
    private static String name(ByteBuffer in) {
        StringBuilder name = new StringBuilder();
        ByteBuffer at = in;
        int before = in.position();
        while (true) {
            int length = at.get() & 0xFF;
            if (length == 0) {
                return name.toString();
            }
            if ((length & POINTER) == POINTER) {
                int target = (length & ~POINTER) << 8 | (at.get() & 0xFF);
                if (target >= before) {
                    throw new Libp2pException("mdns: pointer at byte " + before + " to " + target + ", want one back");
                }
                before = target;
                at = in.duplicate().position(target);
                continue;
            }
            if (length > MAX_LABEL_BYTES) {
                throw new Libp2pException("mdns: label of " + length + " bytes, want at most " + MAX_LABEL_BYTES);
            }
            if (name.length() > 0) {
                name.append('.');
            }
            name.append(string(at, length));
            if (name.length() > MAX_NAME_BYTES) {
                throw new Libp2pException("mdns: name of more than " + MAX_NAME_BYTES + " bytes");
            }
        }
    }

    /** @throws IllegalArgumentException if it is longer than {@code maxBytes} */
    static byte[] encode(DnsMessage message, int maxBytes) {
        ByteBuffer out = ByteBuffer.allocate(maxBytes);
        Map<String, Integer> places = new HashMap<>();
        try {
            out.putShort((short) message.id()).putShort((short) (message.isResponse() ? RESPONSE : 0));
            out.putShort((short) message.questions().size())
                    .putShort((short) message.answers().size())
                    .putShort((short) 0)
                    .putShort((short) message.additionals().size());
            for (Question question : message.questions()) {
                putName(out, question.name(), places);
                out.putShort((short) question.type()).putShort((short) (INTERNET | (question.unicast() ? TOP_BIT : 0)));
            }
            message.answers().forEach(entry -> put(out, entry, places));
            message.additionals().forEach(entry -> put(out, entry, places));
        } catch (BufferOverflowException e) {
            throw new IllegalArgumentException("mdns: message of more than " + maxBytes + " bytes", e);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void put(ByteBuffer out, Entry entry, Map<String, Integer> places) {
        putName(out, entry.name(), places);
        out.putShort((short) entry.data().type()).putShort((short) INTERNET).putInt((int) entry.ttlSeconds());
        int lengthAt = out.position();
        out.putShort((short) 0);
        if (entry.data() instanceof Data.Pointer pointer) {
            putName(out, pointer.target(), places);
        } else if (entry.data() instanceof Data.Service service) {
            out.putInt(0).putShort((short) service.port());
            putName(out, service.target(), new HashMap<>()); // not to be compressed (RFC 2782)
        } else if (entry.data() instanceof Data.Texts texts) {
            for (String text : texts.strings()) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (bytes.length > 255) {
                    throw new IllegalArgumentException("mdns: text of " + bytes.length + " bytes, want at most 255");
                }
                out.put((byte) bytes.length).put(bytes);
            }
        } else if (entry.data() instanceof Data.Address address) {
            out.put(address.address().getAddress());
        }
        out.putShort(lengthAt, (short) (out.position() - lengthAt - 2));
    }

    private static void putName(ByteBuffer out, String name, Map<String, Integer> places) {
        String rest = name;
        while (!rest.isEmpty()) {
            Integer place = places.get(rest);
            if (place != null) {
                out.putShort((short) (POINTER << 8 | place));
                return;
            }
            if (out.position() <= MAX_POINTER) {
                places.put(rest, out.position());
            }
            int dot = rest.indexOf('.');
            byte[] label = (dot < 0 ? rest : rest.substring(0, dot)).getBytes(StandardCharsets.UTF_8);
            if (label.length == 0 || label.length > MAX_LABEL_BYTES) {
                throw new IllegalArgumentException(
                        "mdns: label of " + label.length + " bytes in " + name + ", want 1 to " + MAX_LABEL_BYTES);
            }
            out.put((byte) label.length).put(label);
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        out.put((byte) 0);
    }
}

package io.kafila.libp2p.internal.mdns;

import java.net.InetAddress;
import java.util.List;

/**
 * A message of DNS as multicast DNS has it (RFC 1035 section 4, RFC 6762 section 18). Names are without a dot at the end. Immutable.
 *
 * @param id 0 in multicast, what the asker chose in a question by unicast
 * @param additionals what is not an answer: authorities, too
 */
record DnsMessage(int id, boolean isResponse, List<Question> questions, List<Entry> answers, List<Entry> additionals) {
    /** No datagram of multicast DNS is larger (RFC 6762 section 17). */
    static final int MAX_BYTES = 9000;

    static final int MAX_QUESTIONS = 32;
    static final int MAX_ENTRIES = 128;

    static final int A = 1;
    static final int PTR = 12;
    static final int TXT = 16;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int ANY = 255;

    DnsMessage {
        questions = List.copyOf(questions);
        answers = List.copyOf(answers);
        additionals = List.copyOf(additionals);
    }

    static DnsMessage query(Question question, List<Entry> knownAnswers) {
        return new DnsMessage(0, false, List.of(question), knownAnswers, List.of());
    }

    static DnsMessage response(int id, List<Entry> answers, List<Entry> additionals) {
        return new DnsMessage(id, true, List.of(), answers, additionals);
    }

    /** @param unicast whether the asker prefers an answer to itself alone */
    record Question(String name, int type, boolean unicast) {}

    /** A resource record. */
    record Entry(String name, long ttlSeconds, Data data) {}

    /** What a record says. */
    sealed interface Data {
        int type();

        record Pointer(String target) implements Data {
            @Override
            public int type() {
                return PTR;
            }
        }

        record Service(int port, String target) implements Data {
            @Override
            public int type() {
                return SRV;
            }
        }

        record Texts(List<String> strings) implements Data {
            public Texts {
                strings = List.copyOf(strings);
            }

            @Override
            public int type() {
                return TXT;
            }
        }

        record Address(InetAddress address) implements Data {
            @Override
            public int type() {
                return address.getAddress().length == 4 ? A : AAAA;
            }
        }

        /** Of no interest here. */
        record Other(int type) implements Data {}
    }
}

package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a DNS server of this process, on loopback. */
class SystemTxtLookupTest {
    private static final int NXDOMAIN = 3;
    private static final int REFUSED = 5;

    /** For each domain its TXT records, each a list of strings. */
    private final Map<String, List<List<String>>> zone = Map.of(
            "_dnslink.one.example",
            List.of(List.of("dnslink=/ipfs/bafkqaaa"), List.of("v=spf1 include:x -all")),
            "_dnslink.long.example",
            List.of(List.of("dnslink=/ipfs/bafkqaaa/", "a".repeat(255), "b c", "", "\"\\\u00e9")),
            "_dnslink.empty.example",
            List.of());

    private DatagramSocket socket;
    private SystemTxtLookup lookup;

    @BeforeEach
    void start() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        lookup = new SystemTxtLookup("dns://127.0.0.1:" + socket.getLocalPort(), Runnable::run);
        Thread server = new Thread(this::serve, "dns");
        server.setDaemon(true);
        server.start();
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                socket.receive(query);
                byte[] answer = answer(buffer, query.getLength());
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            } catch (IOException e) {
                return; // the test is over
            }
        }
    }

    private byte[] answer(byte[] query, int length) {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
            at += query[at] + 1;
        }
        at += 5;
        List<List<String>> records = zone.get(name.toString());
        int code = name.toString().startsWith("_dnslink.broken") ? REFUSED : records == null ? NXDOMAIN : 0;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(query, 0, 2);
        out.writeBytes(new byte[] {
            (byte) 0x81, (byte) (0x80 | code), 0, 1, 0, (byte) (records == null ? 0 : records.size()), 0, 0, 0, 0
        });
        out.write(query, 12, at - 12);
        for (List<String> record : records == null ? List.<List<String>>of() : records) {
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            for (String text : record) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                data.write(bytes.length);
                data.writeBytes(bytes);
            }
            out.writeBytes(
                    new byte[] {(byte) 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, (byte) (data.size() >> 8), (byte) data.size()
                    });
            out.writeBytes(data.toByteArray());
        }
        return out.toByteArray();
    }

    @Test
    void texts_everyRecordJoinedToOneText() {
        assertThat(lookup.texts("_dnslink.one.example").join())
                .containsExactlyInAnyOrder("dnslink=/ipfs/bafkqaaa", "v=spf1 include:x -all");
        assertThat(lookup.texts("_dnslink.long.example").join())
                .containsExactly("dnslink=/ipfs/bafkqaaa/" + "a".repeat(255) + "b c\"\\\u00e9");
    }

    @Test
    void texts_noRecordAndNoDomain_areNone() {
        assertThat(lookup.texts("_dnslink.empty.example").join()).isEmpty();
        assertThat(lookup.texts("_dnslink.absent.example").join()).isEmpty();
    }

    @Test
    void texts_serverThatRefuses_fails() {
        CompletableFuture<List<String>> asking = lookup.texts("_dnslink.broken.example");
        assertThatThrownBy(asking::join)
                .hasCauseInstanceOf(NamingException.class)
                .hasMessageContaining("lookup _dnslink.broken.example: ");
    }

    @Test
    void texts_noThreadLeft_fails() {
        SystemTxtLookup busy = new SystemTxtLookup(task -> {
            throw new RejectedExecutionException();
        });
        assertThatThrownBy(() -> busy.texts("_dnslink.one.example").join())
                .hasMessageContaining("too many lookups wait already");
    }
}

package io.kafila.libp2p.internal.mdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.Libp2pException;
import io.kafila.libp2p.internal.mdns.DnsMessage.Data;
import io.kafila.libp2p.internal.mdns.DnsMessage.Entry;
import io.kafila.libp2p.internal.mdns.DnsMessage.Question;
import io.kafila.testkit.Seed;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsCodecTest {
    private static DnsMessage sample() throws Exception {
        return DnsMessage.response(
                7,
                List.of(new Entry(MdnsPeer.SERVICE, 120, new Data.Pointer("abc." + MdnsPeer.SERVICE))),
                List.of(
                        new Entry("abc." + MdnsPeer.SERVICE, 120, new Data.Service(4001, "abc.local")),
                        new Entry("abc." + MdnsPeer.SERVICE, 120, new Data.Texts(List.of("dnsaddr=/ip4/10.0.0.1", ""))),
                        new Entry("abc.local", 120, new Data.Address(InetAddress.getByName("10.0.0.1"))),
                        new Entry("abc.local", 0, new Data.Address(InetAddress.getByName("fe80::1")))));
    }

    /** The question of RFC 6762 for this service, as every implementation sends it. */
    @Test
    void query_isTheseBytes() {
        DnsMessage query = DnsMessage.query(new Question(MdnsPeer.SERVICE, DnsMessage.PTR, false), List.of());
        byte[] bytes = DnsCodec.encode(query, 512);
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo(
                        "000000000001000000000000" + "045f703270" + "045f756470" + "056c6f63616c" + "00" + "000c0001");
        assertThat(DnsCodec.decode(bytes)).isEqualTo(query);
    }

    @Test
    void response_thereAndBack() throws Exception {
        byte[] bytes = DnsCodec.encode(sample(), 1400);
        assertThat(DnsCodec.decode(bytes)).isEqualTo(sample());
        assertThat(bytes).hasSizeLessThan(200); // names are written once
    }

    @Test
    void truncated_atEveryByte_isRefused() throws Exception {
        byte[] bytes = DnsCodec.encode(sample(), 1400);
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> DnsCodec.decode(part))
                    .isInstanceOf(Libp2pException.class)
                    .hasMessage("mdns: message ends after " + length + " bytes, want more");
        }
    }

    @Test
    void pointersInACircle_areRefused() {
        byte[] itself = HexFormat.of().parseHex("000000000001000000000000" + "c00c" + "000c0001");
        assertThatThrownBy(() -> DnsCodec.decode(itself)).hasMessage("mdns: pointer at byte 12 to 12, want one back");
        byte[] forward = HexFormat.of().parseHex("000000000001000000000000" + "c00e" + "000c0001");
        assertThatThrownBy(() -> DnsCodec.decode(forward)).hasMessage("mdns: pointer at byte 12 to 14, want one back");
    }

    @Test
    void tooMuch_isRefused() {
        assertThatThrownBy(() -> DnsCodec.decode(new byte[9001]))
                .hasMessage("mdns: message of 9001 bytes, want at most 9000");
        byte[] many = ByteBuffer.allocate(12).putInt(0).putShort((short) 33).array();
        assertThatThrownBy(() -> DnsCodec.decode(many)).hasMessage("mdns: 33 questions, want at most 32");
        byte[] answers = ByteBuffer.allocate(12)
                .putInt(0)
                .putShort((short) 0)
                .putShort((short) -1)
                .array();
        assertThatThrownBy(() -> DnsCodec.decode(answers)).hasMessage("mdns: 65535 answers, want at most 128");
        ByteBuffer longName = ByteBuffer.allocate(600)
                .putInt(0)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        for (int i = 0; i < 8; i++) {
            longName.put((byte) 63).put(new byte[63]);
        }
        assertThatThrownBy(() -> DnsCodec.decode(longName.array())).hasMessage("mdns: name of more than 255 bytes");
        assertThatThrownBy(() -> DnsCodec.encode(sample(), 20)).hasMessage("mdns: message of more than 20 bytes");
    }

    @Test
    void anyBytes_areDecodedOrRefused() throws Exception {
        byte[] good = DnsCodec.encode(sample(), 1400);
        Seed.each(3_000, random -> {
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                DnsCodec.decode(bytes);
            } catch (Libp2pException e) {
                assertThat(e).hasMessageStartingWith("mdns: ");
            }
        });
    }
}

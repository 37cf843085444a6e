package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.testkit.Fixtures;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {
    private static final String PEER = "12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV";
    private static final String OTHER = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";
    private static final String ONION3 = "vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd";
    private static final String I2P_HASH = "566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzu";

    @Test
    void protocols_everyRowOfTheTable_known() {
        Fixtures.text("multiaddr/protocols.csv")
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .forEach(line -> {
                    String[] fields = line.split(",");
                    Protocol protocol = Protocol.byName(fields[2].strip()).orElseThrow();
                    assertThat(protocol.code()).as(line).isEqualTo(Long.parseLong(fields[0].strip()));
                    assertThat(Protocol.byCode(protocol.code())).contains(protocol);
                    String size = fields[1].strip();
                    int bytes = size.equals("V") ? -1 : Integer.parseInt(size) / 8;
                    assertThat(protocol.valueBytes()).as(line).isEqualTo(bytes);
                    assertThat(protocol.hasValue()).isEqualTo(bytes != 0);
                });
    }

    @Test
    void protocols_numbers_thoseOfTheMulticodecTable() {
        for (Protocol protocol : Protocol.values()) {
            // The table of addresses has memory, that of codecs does not.
            if (protocol != Protocol.MEMORY) {
                assertThat(Multicodec.byCode(protocol.code()))
                        .map(Multicodec::name)
                        .contains(protocol.specName());
            }
        }
    }

    @Test
    void publishedFeatures_eachStep_holds() {
        Multiaddr address = Multiaddr.empty();
        int checked = 0;
        for (String line : Fixtures.text("multiaddr/test/multiaddr.feature").split("\n")) {
            String step = line.strip();
            String last = step.substring(step.lastIndexOf(' ') + 1);
            if (step.startsWith("Given the multiaddr")) {
                address = last.startsWith("0x") ? Multiaddr.decode(unhex(last)) : Multiaddr.parse(last);
            } else if (step.contains("packed form is")) {
                assertThat(address.bytes()).isEqualTo(unhex(last));
            } else if (step.contains("string form is")) {
                assertThat(address).hasToString(last);
            } else if (step.contains("packed size is")) {
                assertThat(address.bytes()).hasSize(Integer.parseInt(step.replaceAll("\\D", "")));
            } else if (step.contains("string size is")) {
                assertThat(address.toString()).hasSize(Integer.parseInt(step.replaceAll("\\D", "")));
            } else if (step.startsWith("| /")) {
                assertComponent(address, step.split("\\|"));
            } else {
                continue;
            }
            checked++;
        }
        assertThat(checked).isGreaterThan(8);
    }

    private static void assertComponent(Multiaddr address, String[] cells) {
        Multiaddr expected = Multiaddr.parse(cells[1].strip());
        Multiaddr.Component component = expected.components().get(0);
        assertThat(address.components()).contains(component);
        assertThat(component).hasToString(cells[1].strip());
        assertThat(expected.bytes()).isEqualTo(unhex(cells[3].strip()));
        assertThat(component.text()).isEqualTo(cells[5].strip());
        assertThat(component.protocol().specName()).isEqualTo(cells[7].strip());
        assertThat(component.protocol().code()).isEqualTo(Long.parseLong(cells[8].strip()));
        assertThat(component.value()).isEqualTo(unhex(cells[11].strip()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/1.2.3.4",
                "/ip4/0.0.0.0",
                "/ip4/192.0.2.0/ipcidr/24",
                "/ip6/::1",
                "/ip6/::",
                "/ip6/1::",
                "/ip6/1::2",
                "/ip6/2601:9:4f81:9700:803e:ca65:66e8:c21/udp/1234/quic-v1",
                "/ip6/2001:db8::/ipcidr/32",
                "/ip6/1:0:0:2::3",
                "/ip6/0:1:2:3:4:5:6:7",
                "/ip6/1:2:3:4:5:6:7:0",
                "/ip6/::ffff:192.0.2.1",
                "/ip6zone/x/ip6/fe80::1",
                "/ip6zone/x%y/ip6/fe80::1/udp/1234/quic",
                "/onion/timaq4ygg2iegci7:1234",
                "/onion/timaq4ygg2iegci7:80/http",
                "/onion3/" + ONION3 + ":1234",
                "/onion3/" + ONION3 + ":80/http",
                "/garlic32/" + I2P_HASH + "q",
                "/garlic32/" + I2P_HASH + "qzwas",
                "/garlic32/" + I2P_HASH + "q/tcp/8080",
                "/udp/0",
                "/tcp/0",
                "/sctp/0",
                "/dccp/7",
                "/udp/65535",
                "/tcp/65535",
                "/p2p/" + OTHER,
                "/p2p/" + PEER,
                "/udp/1234/sctp/1234",
                "/udp/1234/udt",
                "/udp/1234/utp",
                "/tcp/1234/http",
                "/tcp/1234/tls/http",
                "/tcp/1234/https",
                "/ip4/127.0.0.1/tcp/1234/tls/sni/example.com/http/http-path/foo",
                "/ip4/127.0.0.1/udp/1234/quic-v1/webtransport/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjLa2R_RF71v86aVxlqdKNOQ",
                "/ip4/127.0.0.1/p2p/" + OTHER + "/tcp/1234",
                "/unix/a/b/c/d/e",
                "/unix/stdio",
                "/ip4/1.2.3.4/tcp/80/unix/a/b/c/d/e/f",
                "/ip4/127.0.0.1/tcp/9090/http/p2p-webrtc-direct",
                "/ip4/127.0.0.1/tcp/127/ws",
                "/ip4/127.0.0.1/tcp/127/tls/ws",
                "/ip4/127.0.0.1/tcp/127/noise",
                "/ip4/127.0.0.1/tcp/127/wss",
                "/ip4/127.0.0.1/tcp/127/webrtc-direct",
                "/ip4/127.0.0.1/tcp/127/webrtc",
                "/http-path/tmp%2Fbar%2Fbaz",
                "/http-path/foo",
                "/http-path/a%20b%FF",
                "/memory/4",
                "/memory/a-name",
                "/dns/example.com/tcp/443",
                "/dns4/example.com",
                "/dns6/example.com",
                "/dnsaddr/bootstrap.libp2p.io",
                "/dns/\u0645\u062b\u0627\u0644.example",
                "/tcp/1/p2p-websocket-star",
                "/p2p-stardust",
                "/p2p-webrtc-star",
                "/tcp/1/plaintextv2",
                "/ip4/1.2.3.4/tcp/1/p2p/" + OTHER + "/p2p-circuit/p2p/" + PEER
            })
    void parse_goodAddress_roundTrips(String text) {
        Multiaddr address = Multiaddr.parse(text);
        assertThat(address).hasToString(text);
        Multiaddr decoded = Multiaddr.decode(address.bytes());
        assertThat(decoded).isEqualTo(address).hasSameHashCodeAs(address).isEqualByComparingTo(address);
        assertThat(decoded).hasToString(text);
        assertThat(decoded.components()).isEqualTo(address.components());
        assertThat(Multiaddr.of(address.components())).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/udp/1234, 047f000001910204d2",
        "/ip4/127.0.0.1/tcp/4321, 047f0000010610e1",
        "/ip4/127.0.0.1/udp/1234/ip4/127.0.0.1/tcp/4321, 047f000001910204d2047f0000010610e1",
        "/onion/aaimaq4ygg2iegci:80, bc030010c0439831b48218480050",
        "/onion3/" + ONION3 + ":1234, bd03adadec040be047f9658668b11a504f3155001f231a37f54c4476c07fb4cc139ed7e30304d2",
        "/garlic32/" + I2P_HASH + "q, bf0320efbcd45d0c5dc79781ac6f20ea5055a036afb48d45a52e7d68ec7d4338919e69",
        "/p2p/" + OTHER + ", a503221220d52ebb89d85b02a284948203a62ff28389c57c9f42beec4ec20db76a68911c0b",
        "/unix/stdio, 9003062f737464696f",
        "/ip6/::1/tcp/80/ws, 290000000000000000000000000000000106 0050dd03",
        "/memory/4, 89060134"
    })
    void bytes_golden(String text, String hex) {
        assertThat(HexFormat.of().formatHex(Multiaddr.parse(text).bytes())).isEqualTo(hex.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/1.2.3.4/tcp/80/, /ip4/1.2.3.4/tcp/80",
        "/ipfs/" + OTHER + ", /p2p/" + OTHER,
        "/p2p/k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs, /p2p/" + PEER,
        "/ip6/1:0:0:0:0:0:0:2, /ip6/1::2",
        "/ip6/0:0:1:0:0:0:2:3, /ip6/0:0:1::2:3",
        "/ip6/ABCD::1.2.3.4, /ip6/abcd::102:304",
        "/ip6/::ffff:102:304, /ip6/::ffff:1.2.3.4",
        "/ip6/1:2:3:4:5:6:7::, /ip6/1:2:3:4:5:6:7:0",
        "/http-path/a%2fb%7e, /http-path/a%2Fb~",
        "/garlic32/" + I2P_HASH + "qzwassw, /garlic32/" + I2P_HASH + "qzwassu",
        "/udp/1/certhash/b2uaraocy6yrdblb4sfptaddgimjmmpy, /udp/1/certhash/u1QEQOFj2IjCsPJFfMAxmQxLGPw"
    })
    void parse_otherWriting_canonicalText(String text, String canonical) {
        assertThat(Multiaddr.parse(text)).hasToString(canonical);
    }

    @Test
    void garlic64_goldenLengths() {
        byte[] destination = new byte[387];
        Arrays.fill(destination, (byte) 0xFB);
        Multiaddr.Component component = new Multiaddr.Component(Protocol.GARLIC64, destination);
        assertThat(component.text()).hasSize(516).startsWith("-~v7");
        Multiaddr address = Multiaddr.parse("/garlic64/" + component.text() + "/udp/8080");
        assertThat(address.components().get(0)).isEqualTo(component);
        assertThatThrownBy(() -> new Multiaddr.Component(Protocol.GARLIC64, new byte[385]))
                .hasMessage("garlic64: 385 bytes, want at least 386");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "ip4/1.2.3.4",
                "/ip4",
                "/ip4/",
                "/ip4/::1",
                "/ip4/fdpsofodsajfdoisa",
                "/ip4/1.2.3",
                "/ip4/1.2.3.4.5",
                "/ip4/1.2.3.256",
                "/ip4/01.2.3.4",
                "/ip4/1.2.3.",
                "/ip4/1.2..3",
                "/ip4/::/ipcidr/256",
                "/ip6/::/ipcidr/1026",
                "/ip6",
                "/ip6/1.2.3.4",
                "/ip6/:::",
                "/ip6/1::2::3",
                "/ip6/1:2:3:4:5:6:7",
                "/ip6/1:2:3:4:5:6:7:8:9",
                "/ip6/1:2:3:4:5:6:7:8::",
                "/ip6/::1:2:3:4:5:6:7:8",
                "/ip6/12345::",
                "/ip6/1:",
                "/ip6/:1",
                "/ip6/::g",
                "/ip6/::1%eth0",
                "/ip6/1:2:3:4:5:6:7:1.2.3.4",
                "/ip6/::1.2.3.4:5",
                "/ip6zone",
                "/ip6zone/",
                "/ip6zone//ip6/fe80::1",
                "/udp",
                "/tcp",
                "/sctp",
                "/udp/65536",
                "/tcp/65536",
                "/tcp/4294967376",
                "/tcp/+80",
                "/tcp/\u0661",
                "/quic/65536",
                "/quic-v1/65536",
                "/onion/9imaq4ygg2iegci7:80",
                "/onion/aaimaq4ygg2iegci7:80",
                "/onion/timaq4ygg2iegci7:0",
                "/onion/timaq4ygg2iegci7:-1",
                "/onion/timaq4ygg2iegci7",
                "/onion/timaq4ygg2iegci@:666",
                "/onion3/9ww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:80",
                "/onion3/" + ONION3 + "7:80",
                "/onion3/" + ONION3 + ":0",
                "/onion3/" + ONION3 + ":-1",
                "/onion3/" + ONION3,
                "/garlic32/" + I2P_HASH,
                "/garlic32/" + I2P_HASH + "77",
                "/garlic32/" + I2P_HASH + ":80",
                "/garlic64/AAAA",
                "/udp/1234/sctp",
                "/udp/1234/udt/1234",
                "/ip4/127.0.0.1/udp/jfodsajfidosajfoidsa",
                "/ip4/127.0.0.1/tcp/-1",
                "/ip4/127.0.0.1/quic/1234",
                "/udp/1/certhash",
                "/udp/1/certhash/b2uaraocy6yrdblb4sfptaddgimjmmp",
                "/udp/1/certhash/xyz",
                "/ip4/127.0.0.1/ipfs",
                "/ip4/127.0.0.1/p2p/tcp",
                "/unix",
                "/unix/",
                "/ip4/1.2.3.4/tcp/80/unix",
                "/tcp/9090/http/p2p-webcrt-direct",
                "/p2p/bafkqaaa",
                "/p2p/QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY",
                "/http-path/",
                "/http-path/%2",
                "/http-path/%zz",
                "/dns/",
                "/dns4//tcp/1",
                "/memory",
                "/unknown/1",
                "/dns/\ud800",
                "/IP4/1.2.3.4"
            })
    void parse_badAddress_refused(String text) {
        assertThatThrownBy(() -> Multiaddr.parse(text)).isInstanceOf(MultiformatException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'multiaddr: no bytes, want at least one component'",
        "05, multiaddr: protocol 5 is unknown",
        "047f0000, 'multiaddr: ip4 of 3 bytes, want 4'",
        "35ff01, 'multiaddr: dns of 0 bytes, want 255'",
        "35ffffffffffffffff7f, 'multiaddr: dns of 0 bytes, want 9223372036854775807'",
        "3500, 'dns: empty, want a name'",
        "3503612f62, 'dns: a slash in \"a/b\", want none'",
        "3501ff, dns: 1 bytes that are no UTF-8",
        "8400, 'varint: 2 bytes for 4, want the shortest form of 1'",
        "bc03000000000000000000000000, 'onion: port 0, want 1 to 65535'",
        "a503020102, 'multihash: digest of 0 bytes, want 2 as announced'",
        "9003022f61060050, 'multiaddr: unix before another component, want it last'",
        "9003012f, 'unix: path \"/\", want one that starts with a slash and ends in none'",
        "90030161, 'unix: path \"a\", want one that starts with a slash and ends in none'",
        "e10300, 'http-path: empty, want a path'",
        "bf0321000000000000000000000000000000000000000000000000000000000000000000, 'garlic32: 33 bytes, want 32 or at least 35'"
    })
    void decode_malformed_refusedWithReason(String hex, String message) {
        assertThatThrownBy(() -> Multiaddr.decode(HexFormat.of().parseHex(hex)))
                .isInstanceOf(MultiformatException.class)
                .hasMessage(message);
    }

    @Test
    void decode_cutAtEveryByte_refusedOrPrefix() {
        Multiaddr address = Multiaddr.parse("/dns4/example.com/tcp/443/tls/sni/example.com/ws/p2p/" + PEER);
        byte[] bytes = address.bytes();
        int prefixes = 0;
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            try {
                assertThat(address.startsWith(Multiaddr.decode(cut))).isTrue();
                prefixes++;
            } catch (MultiformatException e) {
                assertThat(e).hasMessageContaining("want");
            }
        }
        assertThat(prefixes).isEqualTo(address.components().size() - 1);
    }

    @Test
    void limits_bytesAndText() {
        String longest = "/unix/" + "a".repeat(1024 - 2 - 2 - 1);
        assertThat(Multiaddr.parse(longest).bytes()).hasSize(1024);
        assertThatThrownBy(() -> Multiaddr.parse(longest + "a")).hasMessage("multiaddr: 1025 bytes, want at most 1024");
        assertThatThrownBy(() -> Multiaddr.decode(new byte[1025]))
                .hasMessage("multiaddr: 1025 bytes, want at most 1024");
        assertThatThrownBy(() -> Multiaddr.parse("/" + "a".repeat(4096)))
                .hasMessage("multiaddr: 4097 characters, want at most 4096");
        Multiaddr half = Multiaddr.parse("/memory/" + "a".repeat(600));
        assertThatThrownBy(() -> half.encapsulate(half)).hasMessageContaining("want at most 1024");
    }

    @Test
    void read_buffer_consumesAll() {
        ByteBuffer source =
                ByteBuffer.wrap(HexFormat.of().parseHex("ff047f0000010610e1")).position(1);
        assertThat(Multiaddr.read(source)).hasToString("/ip4/127.0.0.1/tcp/4321");
        assertThat(source.hasRemaining()).isFalse();
    }

    @Test
    void peerId_lastUnlessCircuitFollows() {
        PeerId peer = PeerId.parse(PEER);
        Multiaddr tcp = Multiaddr.parse("/ip4/1.2.3.4/tcp/80");
        assertThat(tcp.peerId()).isEmpty();
        assertThat(tcp.withPeerId(peer)).hasToString("/ip4/1.2.3.4/tcp/80/p2p/" + PEER);
        assertThat(tcp.withPeerId(peer).peerId()).contains(peer);
        assertThat(tcp.withPeerId(peer).withPeerId(peer)).isEqualTo(tcp.withPeerId(peer));
        assertThat(tcp.withPeerId(PeerId.parse(OTHER)).withPeerId(peer)).isEqualTo(tcp.withPeerId(peer));
        assertThat(tcp.withPeerId(peer).withoutPeerId()).isEqualTo(tcp);
        assertThat(tcp.withoutPeerId()).isSameAs(tcp);
        Multiaddr relay = tcp.withPeerId(PeerId.parse(OTHER)).encapsulate(Multiaddr.parse("/p2p-circuit"));
        assertThat(relay.peerId()).isEmpty();
        assertThat(relay.withPeerId(peer).peerId()).contains(peer);
        assertThat(relay.withPeerId(peer).withoutPeerId()).isEqualTo(relay);
        assertThat(Multiaddr.parse("/p2p/" + PEER).withoutPeerId().isEmpty()).isTrue();
    }

    @Test
    void decapsulate_lastPlace() {
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/80/ip4/1.2.3.4/tcp/80/ws");
        assertThat(address.decapsulate(Multiaddr.parse("/ip4/1.2.3.4/tcp/80"))).hasToString("/ip4/1.2.3.4/tcp/80");
        assertThat(address.decapsulate(Multiaddr.parse("/udp/80"))).isEqualTo(address);
        assertThat(address.decapsulate(address)).isEqualTo(Multiaddr.empty());
        assertThat(address.decapsulate(Multiaddr.empty())).isEqualTo(address);
        assertThat(address.startsWith(Multiaddr.parse("/ip4/1.2.3.4"))).isTrue();
        assertThat(address.startsWith(Multiaddr.empty())).isTrue();
        assertThat(Multiaddr.parse("/ip4/1.2.3.4").startsWith(address)).isFalse();
        assertThat(Multiaddr.empty()).hasToString("");
    }

    @Test
    void value_firstOfTheName() {
        Multiaddr address = Multiaddr.parse("/dns4/example.com/tcp/443/wss/p2p/" + PEER);
        assertThat(address.value("dns4")).contains("example.com");
        assertThat(address.value("tcp")).contains("443");
        assertThat(address.value("wss")).contains("");
        assertThat(address.value("ipfs")).contains(PEER);
        assertThat(address.value("udp")).isEmpty();
        assertThat(address.value("nonsense")).isEmpty();
        assertThat(address.has(Protocol.WSS)).isTrue();
        assertThat(address.has(Protocol.WS)).isFalse();
    }

    @Test
    void tcpAddress_literalsOnly() throws Exception {
        InetSocketAddress ip4 = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), 4001);
        assertThat(Multiaddr.tcp(ip4)).hasToString("/ip4/10.0.0.1/tcp/4001");
        assertThat(Multiaddr.tcp(ip4).tcpAddress()).contains(ip4);
        Multiaddr ip6 = Multiaddr.parse("/ip6/2001:db8::1/tcp/65535/ws");
        assertThat(Multiaddr.tcp(ip6.tcpAddress().orElseThrow())).hasToString("/ip6/2001:db8::1/tcp/65535");
        for (String text : List.of("/dns4/example.com/tcp/80", "/ip4/1.2.3.4/udp/80", "/ip4/1.2.3.4", "/tcp/80")) {
            assertThat(Multiaddr.parse(text).tcpAddress()).as(text).isEmpty();
        }
        assertThatThrownBy(() -> Multiaddr.tcp(InetSocketAddress.createUnresolved("example.com", 80)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not resolved");
    }

    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/tcp/1, true, true",
        "/ip4/127.9.9.9/udp/1, true, true",
        "/ip6/::1/tcp/1, true, true",
        "/ip4/10.1.2.3/tcp/1, false, true",
        "/ip4/172.16.0.1/tcp/1, false, true",
        "/ip4/172.32.0.1/tcp/1, false, false",
        "/ip4/192.168.1.1/tcp/1, false, true",
        "/ip4/169.254.1.1/tcp/1, false, true",
        "/ip4/100.64.0.1/tcp/1, false, true",
        "/ip4/100.128.0.1/tcp/1, false, false",
        "/ip4/8.8.8.8/tcp/1, false, false",
        "/ip6/fd00::1/tcp/1, false, true",
        "/ip6/fe80::1/tcp/1, false, true",
        "/ip6zone/eth0/ip6/fe80::1/tcp/1, false, true",
        "/ip6/2001:db8::1/tcp/1, false, false",
        "/ip6/::ffff:10.0.0.1/tcp/1, false, true",
        "/dns4/localhost/tcp/1, false, false"
    })
    void addressClass_byFirstAddress(String text, boolean loopback, boolean isPrivate) {
        assertThat(Multiaddr.parse(text).isLoopback()).isEqualTo(loopback);
        assertThat(Multiaddr.parse(text).isPrivate()).isEqualTo(isPrivate);
    }

    @Test
    void component_callersArray_copied() {
        byte[] value = {1, 2, 3, 4};
        Multiaddr.Component component = new Multiaddr.Component(Protocol.IP4, value);
        value[0] = 9;
        component.value()[1] = 9;
        assertThat(component).hasToString("/ip4/1.2.3.4");
        assertThatThrownBy(() -> new Multiaddr.Component(Protocol.TLS, new byte[1]))
                .hasMessage("tls: value of 1 bytes, want none");
        assertThatThrownBy(() -> new Multiaddr.Component(Protocol.TCP, new byte[3]))
                .hasMessage("tcp: 3 bytes, want 2");
    }

    private static byte[] unhex(String text) {
        return HexFormat.of().parseHex(text.substring(2));
    }
}

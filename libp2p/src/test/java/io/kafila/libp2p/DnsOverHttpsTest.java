package io.kafila.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.internal.doh.DnsQuery;
import io.kafila.libp2p.internal.transport.AddressResolver;
import io.kafila.libp2p.internal.transport.ConfiguredNameLookup;
import io.kafila.libp2p.internal.transport.NameLookup;
import io.kafila.multiformats.Multiaddr;
import io.kafila.testkit.DohServer;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a resolver of this process, on loopback. */
class DnsOverHttpsTest {
    private static final String PEER = "/p2p/12D3KooWNiz7FiKudX8FUzdixXL2bcFKKqRuGLPnSfg2apT5ppLB";

    private final DohServer server = new DohServer();

    @AfterEach
    void close() {
        server.close();
    }

    private DnsOverHttps forAll() {
        return new DnsOverHttps(Map.of(".", server.url()));
    }

    @Test
    void texts_everyRecordJoined_noneWhereTheNameIsNot() throws IOException {
        String longer = "dnslink=/ipfs/bafkqaaa/" + "\u00e9".repeat(300);
        server.texts("_dnslink.one.example", "v=spf1 -all", longer).record("_dnslink.other.example", 1, new byte[4]);
        DnsOverHttps dns = forAll();
        assertThat(dns.texts("_dnslink.one.example")).containsExactly("v=spf1 -all", longer);
        assertThat(dns.texts("_dnslink.absent.example")).isEmpty();
        assertThat(dns.texts("_dnslink.other.example")).isEmpty();
        assertThat(dns.requestCount()).isEqualTo(3);
        assertThat(dns.failureCount()).isZero();
    }

    @Test
    void resolver_theMostSpecificDomainCounts_emptyIsTheSystem() {
        DnsOverHttps some = new DnsOverHttps(Map.of("eth.", server.url(), "Sub.eth.", "", "a.sub.eth.", server.url()));
        assertThat(List.of("eth", "x.eth", "_dnslink.X.ETH.", "b.a.sub.eth")).allMatch(some::serves);
        assertThat(List.of("sub.eth", "b.sub.eth", "example", "teeth", "xeth", ""))
                .noneMatch(some::serves);
        assertThat(new DnsOverHttps(Map.of(".", server.url(), "lan.", "")).serves("x.example"))
                .isTrue();
        assertThat(new DnsOverHttps(Map.of(".", server.url(), "lan.", "")).serves("x.lan"))
                .isFalse();
        assertThat(DnsOverHttps.none().serves("x.example")).isFalse();
    }

    @Test
    void misconfigured_isRefusedWithWhatIsWrong() {
        assertThatThrownBy(() -> new DnsOverHttps(Map.of("eth", "https://a.example")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dns resolvers: invalid domain \"eth\"; must be FQDN, with a dot at its end");
        for (String url : List.of("http://a.example/dns-query", "udp://1.1.1.1", "1.1.1.1", "https://", "::")) {
            assertThatThrownBy(() -> new DnsOverHttps(Map.of("eth.", url)))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("dns resolvers: invalid resolver url for eth.: " + url);
        }
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i <= DnsOverHttps.MAX_DOMAINS; i++) {
            many.put("d" + i + ".", "");
        }
        assertThatThrownBy(() -> new DnsOverHttps(many)).hasMessage("dns resolvers: 257 domains, want at most 256");
    }

    @Test
    void resolverThatMisbehaves_failsAndIsCounted() {
        DnsOverHttps dns = forAll();
        server.answerRaw(500, new byte[0]);
        assertThatThrownBy(() -> dns.texts("x.example"))
                .isInstanceOf(IOException.class)
                .hasMessage(server.url() + ": status 500, want 200");
        server.answerRaw(200, new byte[DnsQuery.MAX_MESSAGE_BYTES + 1]);
        assertThatThrownBy(() -> dns.texts("x.example")).hasMessageContaining("answer of more than 65535 bytes");
        server.answerRaw(200, new byte[12]);
        assertThatThrownBy(() -> dns.texts("x.example")).hasMessageContaining("is no response");
        server.answerRaw(200, new byte[] {0, 0, (byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThatThrownBy(() -> dns.texts("x.example")).hasMessageContaining("answered with code 2, want 0");
        assertThatThrownBy(() -> dns.texts("a..example")).hasMessageContaining("a..example is no name");
        assertThat(dns.failureCount()).isEqualTo(4);
        server.close();
        assertThatThrownBy(() -> dns.texts("x.example")).hasMessageStartingWith(server.url());
    }

    @Test
    void answer_cutAnywhere_fails() throws IOException {
        byte[] question = DnsQuery.encode("a.example", DnsQuery.TXT);
        byte[] answer = new byte[question.length + 12 + 3];
        System.arraycopy(question, 0, answer, 0, question.length);
        answer[2] = (byte) 0x81;
        answer[7] = 1;
        byte[] record = {(byte) 0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 3, 2, 'h', 'i'};
        System.arraycopy(record, 0, answer, question.length, record.length);
        assertThat(DnsQuery.text(DnsQuery.decode(answer, DnsQuery.TXT).get(0))).isEqualTo("hi");
        for (int length = 0; length < answer.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(answer, length);
            assertThatThrownBy(() -> DnsQuery.decode(cut, DnsQuery.TXT))
                    .as("cut to " + length)
                    .isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> DnsQuery.text(new byte[] {3, 'h', 'i'})).hasMessage("dns: text of 3 bytes, 2 left");
    }

    @Test
    void addressesOfPeers_areAskedOfTheConfiguredResolver_othersOfTheSystem() {
        server.texts("_dnsaddr.boot.eth", "dnsaddr=/dns4/host.eth/tcp/4001" + PEER)
                .record("host.eth", DnsQuery.A, new byte[] {(byte) 192, 0, 2, 7});
        NameLookup system = new NameLookup() {
            @Override
            public List<InetAddress> addresses(String host) throws IOException {
                return List.of(InetAddress.getByName("198.51.100.1"));
            }

            @Override
            public List<String> texts(String name) {
                return List.of();
            }
        };
        AddressResolver resolver = new AddressResolver(
                new ConfiguredNameLookup(new DnsOverHttps(Map.of("eth.", server.url())), system), Runnable::run);
        assertThat(resolver.resolve(Multiaddr.parse("/dnsaddr/boot.eth" + PEER)).join())
                .containsExactly(Multiaddr.parse("/ip4/192.0.2.7/tcp/4001" + PEER));
        assertThat(resolver.resolve(Multiaddr.parse("/dns4/host.example/tcp/1")).join())
                .containsExactly(Multiaddr.parse("/ip4/198.51.100.1/tcp/1"));
        assertThat(server.asked()).contains("_dnsaddr.boot.eth", "host.eth").doesNotContain("host.example");
    }
}

package io.kafila.libp2p.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.Libp2pException;
import io.kafila.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressResolverTest {
    private static final String PEER = "/p2p/12D3KooWNiz7FiKudX8FUzdixXL2bcFKKqRuGLPnSfg2apT5ppLB";
    private static final String OTHER = "/p2p/12D3KooWF5sj8mYBLYunF8kWwi7ucYk8GPXewMX249F5jTYHMMQB";

    private static AddressResolver resolver(Map<String, List<String>> hosts, Map<String, List<String>> texts) {
        return new AddressResolver(
                new NameLookup() {
                    @Override
                    public List<InetAddress> addresses(String host) throws IOException {
                        List<InetAddress> found = new ArrayList<>();
                        for (String each : hosts.getOrDefault(host, List.of())) {
                            found.add(InetAddress.getByName(each));
                        }
                        if (found.isEmpty()) {
                            throw new UnknownHostException(host);
                        }
                        return found;
                    }

                    @Override
                    public List<String> texts(String name) {
                        return texts.getOrDefault(name, List.of());
                    }
                },
                Runnable::run);
    }

    @Test
    void literal_answersItself() {
        Multiaddr address = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
        assertThat(resolver(Map.of(), Map.of()).resolve(address)).isCompletedWithValue(List.of(address));
    }

    @Test
    void names_becomeAddressesOfTheirFamily_restKept() {
        AddressResolver resolver = resolver(Map.of("example.org", List.of("1.2.3.4", "2001:db8::1")), Map.of());
        assertThat(resolver.resolve(Multiaddr.parse("/dns4/example.org/tcp/7" + PEER))
                        .join())
                .containsExactly(Multiaddr.parse("/ip4/1.2.3.4/tcp/7" + PEER));
        assertThat(resolver.resolve(Multiaddr.parse("/dns6/example.org/tcp/7")).join())
                .containsExactly(Multiaddr.parse("/ip6/2001:db8::1/tcp/7"));
        assertThat(resolver.resolve(Multiaddr.parse("/dns/example.org/tcp/7")).join())
                .hasSize(2);
    }

    @Test
    void dnsaddr_followsRecordsOfThePeerAskedFor() {
        AddressResolver resolver = resolver(
                Map.of("a.example", List.of("1.2.3.4")),
                Map.of(
                        "_dnsaddr.example.org",
                        List.of(
                                "dnsaddr=/dnsaddr/deep.example" + PEER,
                                "dnsaddr=/ip4/5.6.7.8/tcp/1" + OTHER,
                                "v=spf1",
                                "dnsaddr=/unheard-of/1"),
                        "_dnsaddr.deep.example",
                        List.of("dnsaddr=/dns4/a.example/tcp/9" + PEER)));
        assertThat(resolver.resolve(Multiaddr.parse("/dnsaddr/example.org" + PEER))
                        .join())
                .containsExactly(Multiaddr.parse("/ip4/1.2.3.4/tcp/9" + PEER));
    }

    @Test
    void dnsaddr_thatLeadsToItself_ends() {
        AddressResolver resolver = resolver(
                Map.of(),
                Map.of(
                        "_dnsaddr.loop.example",
                        List.of("dnsaddr=/dnsaddr/loop.example", "dnsaddr=/dnsaddr/loop.example")));
        assertThatThrownBy(() -> resolver.resolve(Multiaddr.parse("/dnsaddr/loop.example"))
                        .join())
                .hasRootCauseInstanceOf(Libp2pException.class)
                .hasRootCauseMessage("cannot resolve /dnsaddr/loop.example: no address found");
    }

    @Test
    void results_areBounded() {
        List<String> records = new ArrayList<>();
        for (int i = 1; i <= 300; i++) {
            records.add("dnsaddr=/ip4/1.2.3.4/tcp/" + i);
        }
        AddressResolver resolver = resolver(Map.of(), Map.of("_dnsaddr.many.example", records));
        assertThat(resolver.resolve(Multiaddr.parse("/dnsaddr/many.example")).join())
                .hasSize(AddressResolver.MAX_RESOLVED);
    }

    @Test
    void unknownName_says() {
        assertThatThrownBy(() -> resolver(Map.of(), Map.of())
                        .resolve(Multiaddr.parse("/dns4/nowhere.example/tcp/1"))
                        .join())
                .cause()
                .hasMessageStartingWith("cannot resolve /dns4/nowhere.example/tcp/1: ");
    }
}

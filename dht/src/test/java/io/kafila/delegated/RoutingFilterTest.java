package io.kafila.delegated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IPIP-484. */
class RoutingFilterTest {
    private static final PeerId PEER = PeerId.parse("12D3KooWRBy97UB99e3J6hiPesre1MZeuNQvfan4gBziswrRJsNK");

    private static PeerRecord record(String addresses, String protocols) {
        return new PeerRecord(
                PEER,
                addresses == null
                        ? List.of()
                        : Arrays.stream(addresses.split(" "))
                                .map(Multiaddr::parse)
                                .toList(),
                protocols == null ? List.of() : List.of(protocols.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | true",
                "tcp | true",
                "udp | false",
                "!tcp | false",
                "!udp | true",
                "tcp,!ip4 | false",
                "udp,tcp | true",
                "unknown | false",
                "TCP | true",
            })
    void apply_addressOfTcp(String filter, boolean passes) {
        PeerRecord record = record("/ip4/192.0.2.1/tcp/4001", null);
        assertThat(RoutingFilter.parse(filter, null).apply(record).isPresent()).isEqualTo(passes);
    }

    @Test
    void apply_someAddresses_theOthersAreLeftOut() {
        PeerRecord record = record("/ip4/192.0.2.1/tcp/4001 /ip4/192.0.2.1/udp/4001/quic-v1", null);
        assertThat(RoutingFilter.parse("quic-v1", null)
                        .apply(record)
                        .orElseThrow()
                        .addresses())
                .hasToString("[/ip4/192.0.2.1/udp/4001/quic-v1]");
        assertThat(RoutingFilter.parse("unknown,quic-v1", null).apply(record(null, null)))
                .isPresent();
        assertThat(RoutingFilter.parse("quic-v1", null).apply(record(null, null)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | - | true",
                "transport-bitswap | - | false",
                "unknown | - | true",
                "unknown | transport-bitswap | false",
                "Transport-Bitswap | transport-bitswap | true",
                "transport-bitswap | a transport-bitswap | true",
            })
    void apply_protocols(String filter, String protocols, boolean passes) {
        assertThat(RoutingFilter.parse(null, filter)
                        .apply(record(null, protocols))
                        .isPresent())
                .isEqualTo(passes);
    }

    @Test
    void query_isTheSameForTheSameFilter() {
        assertThat(RoutingFilter.parse("tcp,!p2p-circuit", "b,a").query())
                .isEqualTo("filter-addrs=!p2p-circuit,tcp&filter-protocols=a,b");
        assertThat(RoutingFilter.NONE.query()).isEmpty();
    }

    @Test
    void parse_tooManyNames_isRefused() {
        assertThatThrownBy(() -> RoutingFilter.parse("a,".repeat(64) + "a", null))
                .hasMessage("filter-addrs: 65 names, want at most 64");
    }
}

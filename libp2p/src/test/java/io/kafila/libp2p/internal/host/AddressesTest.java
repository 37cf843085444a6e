package io.kafila.libp2p.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressesTest {

    @Test
    void wildcards_becomeTheAddressesOfTheInterfaces_withoutLinkLocalOnes() throws UnknownHostException {
        List<InetAddress> interfaces = List.of(
                InetAddress.getByName("127.0.0.1"),
                InetAddress.getByName("10.0.0.5"),
                InetAddress.getByName("::1"),
                InetAddress.getByName("fe80::1"));
        AnnouncedAddresses addresses = new AnnouncedAddresses(List.of(), List.of(), address -> false, () -> interfaces);
        assertThat(addresses.of(List.of(
                        Multiaddr.parse("/ip4/0.0.0.0/tcp/4001"),
                        Multiaddr.parse("/ip6/::/tcp/4001"),
                        Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"))))
                .containsExactly(
                        Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"),
                        Multiaddr.parse("/ip4/10.0.0.5/tcp/4001"),
                        Multiaddr.parse("/ip6/::1/tcp/4001"));
    }

    @Test
    void ranges_matchByPrefixOrEquality() {
        AddressRanges ranges = new AddressRanges(List.of(
                Multiaddr.parse("/ip4/10.0.0.0/ipcidr/8"),
                Multiaddr.parse("/ip6/fc00::/ipcidr/7"),
                Multiaddr.parse("/ip4/93.184.216.34/tcp/4001")));
        assertThat(ranges.test(Multiaddr.parse("/ip4/10.255.1.1/tcp/1"))).isTrue();
        assertThat(ranges.test(Multiaddr.parse("/ip4/11.0.0.1/tcp/1"))).isFalse();
        assertThat(ranges.test(Multiaddr.parse("/ip6/fd12::1/tcp/1"))).isTrue();
        assertThat(ranges.test(Multiaddr.parse("/ip6/fe12::1/tcp/1"))).isFalse();
        assertThat(ranges.test(Multiaddr.parse("/ip4/93.184.216.34/tcp/4001"))).isTrue();
        assertThat(ranges.test(Multiaddr.parse("/ip4/93.184.216.34/tcp/4002"))).isFalse();
        assertThat(ranges.test(Multiaddr.parse("/memory/1"))).isFalse();
    }

    @Test
    void observed_isBounded_inAddressesAndObservers() {
        ObservedAddresses observed = new ObservedAddresses();
        for (int i = 0; i < 100; i++) {
            PeerId peer =
                    PrivateKey.generate(KeyType.ED25519, new SecureRandom()).peerId();
            observed.add(peer, List.of(Multiaddr.parse("/memory/" + i), Multiaddr.parse("/memory/99")));
        }
        assertThat(observed.counts()).hasSize(ObservedAddresses.MAX_ADDRESSES);
        assertThat(observed.counts().values()).allMatch(count -> count <= ObservedAddresses.MAX_OBSERVERS);
    }
}

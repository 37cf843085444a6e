package io.kafila.dht.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressKindsTest {
    private static Multiaddr address(String text) {
        return Multiaddr.parse(text);
    }

    @Test
    void publicOnes() {
        for (String text : List.of("/ip4/8.8.8.8/tcp/1", "/ip6/2a00:1450::1/tcp/1", "/dns4/example.org/tcp/1")) {
            assertThat(AddressKinds.isPublic(address(text))).as(text).isTrue();
        }
        for (String text : List.of(
                "/ip4/127.0.0.1/tcp/1",
                "/ip4/10.0.0.1/tcp/1",
                "/ip4/192.168.1.1/tcp/1",
                "/ip4/0.0.0.0/tcp/1",
                "/ip4/224.0.0.1/tcp/1",
                "/ip6/::1/tcp/1",
                "/ip6/fd00::1/tcp/1",
                "/ip6/fe80::1/tcp/1",
                "/memory/1")) {
            assertThat(AddressKinds.isPublic(address(text))).as(text).isFalse();
        }
    }

    @Test
    void lan_allButLoopback() {
        assertThat(AddressKinds.isOfLan(address("/ip4/10.0.0.1/tcp/1"))).isTrue();
        assertThat(AddressKinds.isOfLan(address("/ip4/127.0.0.1/tcp/1"))).isFalse();
        assertThat(AddressKinds.isLocalConnection(address("/ip4/127.0.0.1/tcp/1")))
                .isTrue();
        assertThat(AddressKinds.isLocalConnection(address("/memory/1"))).isTrue();
        assertThat(AddressKinds.isLocalConnection(address("/ip4/8.8.8.8/tcp/1")))
                .isFalse();
    }

    @Test
    void reachability_needsAPublicAddressAndAnInboundPublicPeer() {
        List<Multiaddr> home = List.of(address("/ip4/192.168.1.2/tcp/4001"));
        List<Multiaddr> open = List.of(address("/ip4/8.8.4.4/tcp/4001"));
        Reachability reachability = new Reachability();
        assertThat(reachability.isPublic(open)).isFalse();
        reachability.onInbound(address("/ip4/192.168.1.3/tcp/1"));
        assertThat(reachability.isPublic(open)).isFalse();
        reachability.onInbound(address("/ip4/8.8.8.8/tcp/1"));
        assertThat(reachability.isPublic(open)).isTrue();
        assertThat(reachability.isPublic(home)).isFalse();
        assertThat(reachability.isPublic(open)).as("to be shown anew").isFalse();
    }
}

package io.kafila.libp2p.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import org.junit.jupiter.api.Test;

class AccessListTest {
    private final AccessList list = new AccessList();

    private boolean permits(String address) {
        return list.permits(Multiaddr.parse(address));
    }

    @Test
    void permits_ranges_byPrefix() {
        list.denyAddress(Multiaddr.parse("/ip4/10.0.0.0/ipcidr/8"));
        list.denyAddress(Multiaddr.parse("/ip4/100.64.0.0/ipcidr/10"));
        list.denyAddress(Multiaddr.parse("/ip6/fc00::/ipcidr/7"));
        list.denyAddress(Multiaddr.parse("/ip4/203.0.113.9"));

        assertThat(permits("/ip4/10.255.1.2/tcp/4001")).isFalse();
        assertThat(permits("/ip4/11.0.0.0/tcp/4001")).isTrue();
        assertThat(permits("/ip4/100.127.255.255/tcp/1")).isFalse();
        assertThat(permits("/ip4/100.128.0.0/tcp/1")).isTrue();
        assertThat(permits("/ip6/fd12::1/tcp/1")).isFalse();
        assertThat(permits("/ip6/fe00::1/tcp/1")).isTrue();
        assertThat(permits("/ip4/203.0.113.9/udp/1/quic-v1")).isFalse();
        assertThat(permits("/ip4/203.0.113.8/tcp/1")).isTrue();
        assertThat(permits("/dns4/example.com/tcp/1")).isTrue();
    }

    @Test
    void permits_allowedInsideDenied_wins() {
        list.denyAddress(Multiaddr.parse("/ip4/0.0.0.0/ipcidr/0"));
        list.allowAddress(Multiaddr.parse("/ip4/127.0.0.0/ipcidr/8"));
        assertThat(permits("/ip4/127.0.0.1/tcp/1")).isTrue();
        assertThat(permits("/ip4/8.8.8.8/tcp/1")).isFalse();
        assertThat(permits("/ip6/::1/tcp/1")).isTrue();
    }

    @Test
    void undenyAddress_listed_takesItBack() {
        Multiaddr range = Multiaddr.parse("/ip4/10.0.0.0/ipcidr/8");
        list.denyAddress(range);
        list.denyAddress(range);
        assertThat(list.deniedAddresses()).containsExactly(range);
        list.undenyAddress(range);
        assertThat(list.deniedAddresses()).isEmpty();
        assertThat(permits("/ip4/10.0.0.1/tcp/1")).isTrue();
    }

    @Test
    void permits_peers() {
        PeerId peer = PeerId.of(HashFunction.SHA2_256.digest(new byte[1]));
        assertThat(list.permits(peer)).isTrue();
        list.denyPeer(peer);
        assertThat(list.permits(peer)).isFalse();
        list.allowPeer(peer);
        assertThat(list.permits(peer)).isTrue();
        list.undenyPeer(peer);
        assertThat(list.permits(peer)).isTrue();
    }

    @Test
    void denyAddress_noRange_refused() {
        assertThatThrownBy(() -> list.denyAddress(Multiaddr.parse("/dns4/example.com")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> list.denyAddress(Multiaddr.parse("/ip4/10.0.0.0/ipcidr/33")))
                .hasMessageContaining("prefix of 33 bits, want at most 32");
    }
}

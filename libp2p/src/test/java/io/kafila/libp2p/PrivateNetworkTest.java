package io.kafila.libp2p;

import static io.kafila.libp2p.StreamContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts of different networks meet. */
class PrivateNetworkTest {
    private final EventLoops loops = EventLoops.create(1);
    private final List<Host> hosts = new ArrayList<>();

    @AfterEach
    void stop() {
        hosts.forEach(Host::close);
        loops.close();
    }

    private HostBuilder builder(String security) {
        return new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .securities(List.of(security))
                .eventLoops(loops)
                .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
    }

    private Host start(HostBuilder builder) {
        Host host = builder.start();
        hosts.add(host);
        return host;
    }

    private static void awaitCount(Host host, String counter, long wanted) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (host.eventCounts().getOrDefault(counter, 0L) < wanted && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(host.eventCounts()).containsEntry(counter, wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {HostBuilder.TLS, HostBuilder.NOISE})
    void sameKey_connects_anotherKeyIsRefusedAndCounted(String security) throws Exception {
        SwarmKey key = SwarmKey.generate(new SecureRandom());
        Host server = start(builder(security).privateNetwork(key));
        Host friend = start(builder(security).privateNetwork(key));
        Host other = start(builder(security).privateNetwork(SwarmKey.generate(new SecureRandom())));
        assertThat(get(friend.connect(server.peerId(), server.addresses())).security())
                .isEqualTo(security);
        assertThatThrownBy(() -> get(other.connect(server.peerId(), server.addresses())))
                .hasMessageContaining("swarm key");
        awaitCount(server, "handshake:other_network", 1);
        assertThat(server.connections(other.peerId())).isEmpty();
    }

    @Test
    void withoutAKey_neitherSideGetsThrough() throws Exception {
        Host inside = start(builder(HostBuilder.TLS).privateNetwork(SwarmKey.generate(new SecureRandom())));
        Host outside = start(builder(HostBuilder.TLS));
        assertThatThrownBy(() -> get(outside.connect(inside.peerId(), inside.addresses())))
                .hasMessageContaining(inside.peerId().toString());
        awaitCount(inside, "handshake:other_network", 1);
        assertThat(inside.connections()).isEmpty();
        assertThat(outside.connections()).isEmpty();
    }
}

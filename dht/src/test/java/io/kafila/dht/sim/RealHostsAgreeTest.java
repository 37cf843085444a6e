package io.kafila.dht.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.dht.Dht;
import io.kafila.dht.DhtOptions;
import io.kafila.dht.QueryEvent;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.libp2p.EventLoops;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the simulation says of a small network is so among real hosts, with all their streams, on the memory transport. */
@Timeout(180)
class RealHostsAgreeTest {
    private static final int NODES = 24;
    private static final int KEYS = 12;

    private final EventLoops loops = EventLoops.create(2);
    private final List<Host> hosts = new ArrayList<>();
    private final List<Dht> dhts = new ArrayList<>();

    @Test
    void lookupProvideFind_sameResultsAndCosts() throws Exception {
        DhtSimulation simulation = new DhtSimulation(SimOptions.DEFAULT.withNodes(NODES));
        simulation.grow();
        List<Multihash> keys = simulation.newKeys(KEYS);
        Measurement lookup = simulation.lookUp(keys, Duration.ofMinutes(1));
        Measurement provide = simulation.provide(keys, Duration.ofMinutes(1));
        Measurement find = simulation.find(keys, Duration.ofMinutes(1));
        assertThat(lookup.quality()).isEqualTo(1);
        assertThat(provide.quality()).isEqualTo(1);
        assertThat(find.successRate()).isEqualTo(1);
        try {
            grow();
            List<Integer> asked = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                Multihash key = HashFunction.SHA2_256.digest(new byte[] {(byte) i});
                int asking = i % NODES;
                List<QueryEvent> events = new ArrayList<>();
                List<PeerId> nearest = get(dhts.get(asking).closestPeers(key.bytes(), events::add)).stream()
                        .map(Provider::peer)
                        .toList();
                assertThat(nearest).isEqualTo(trulyNearest(KadKey.of(key), asking));
                asked.add((int) events.stream()
                        .filter(event -> event.kind() == QueryEvent.Kind.SENDING_QUERY)
                        .count());
                assertThat(get(dhts.get((i + 5) % NODES).provide(key, event -> {})))
                        .isEqualTo(20);
                List<Provider> found = new ArrayList<>();
                get(dhts.get((i + 11) % NODES).findProviders(key, 1, found::add, event -> {}));
                assertThat(found)
                        .extracting(Provider::peer)
                        .containsExactly(hosts.get((i + 5) % NODES).peerId());
            }
            double mean = asked.stream().mapToInt(Integer::intValue).average().orElseThrow();
            assertThat(mean)
                    .as("requests of a lookup, %s of a simulated one", lookup.messages())
                    .isBetween(
                            0.85 * lookup.messages().mean(),
                            1.15 * lookup.messages().mean());
        } finally {
            dhts.forEach(Dht::close);
            hosts.forEach(Host::close);
            loops.close();
        }
    }

    private void grow() throws Exception {
        for (int i = 0; i < NODES; i++) {
            Host host = new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                    .listen(List.of(Multiaddr.parse("/memory/" + (77_000 + i))))
                    .eventLoops(loops)
                    .start();
            hosts.add(host);
            dhts.add(Dht.start(host, DhtOptions.DEFAULT.withLoopbackOnLan(true)));
            if (i > 0) {
                get(host.connect(hosts.get(0).peerId(), hosts.get(0).addresses()));
            }
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        for (Dht dht : dhts) {
            while (get(dht.tables()).get(1).rows().size() < NODES - 1) {
                assertThat(System.nanoTime()).as("all know all in time").isLessThan(end);
                // Each learns of the others by its own lookups, after half a second of real time at first.
                get(dht.closestPeers(hosts.get(0).peerId().bytes(), event -> {}));
            }
        }
    }

    private List<PeerId> trulyNearest(KadKey target, int asking) {
        return hosts.stream()
                .map(Host::peerId)
                .filter(peer -> !peer.equals(hosts.get(asking).peerId()))
                .sorted(Comparator.comparing(KadKey::of, target::compareDistances))
                .limit(20)
                .toList();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }
}

package io.kafila.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.MemoryDatastore;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProvidingTest {
    private final Random random = new Seed(1).random();
    private final MemoryDatastore store = new MemoryDatastore();

    /** A few servers that take everything. */
    private class Servers implements Announcer {
        final List<Provider> all = new ArrayList<>();
        final Map<Multihash, Set<PeerId>> told = new ConcurrentHashMap<>();
        final Queue<String> calls = new ConcurrentLinkedQueue<>();
        final CountDownLatch wanted;

        /** @param announcements how many to wait for */
        Servers(int count, int announcements) {
            keys(count).forEach(key -> all.add(new Provider(PeerId.decode(key.bytes()), List.of())));
            wanted = new CountDownLatch(announcements);
        }

        @Override
        public CompletableFuture<List<Provider>> closestPeers(byte[] name) {
            calls.add("lookup");
            return CompletableFuture.completedFuture(all);
        }

        @Override
        public CompletableFuture<Void> announce(Provider to, Collection<Multihash> keys) {
            keys.forEach(key -> told.computeIfAbsent(key, each -> ConcurrentHashMap.newKeySet())
                    .add(to.peer()));
            wanted.countDown();
            return CompletableFuture.completedFuture(null);
        }
    }

    private List<Multihash> keys(int count) {
        List<Multihash> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            keys.add(Multihash.of(HashFunction.SHA2_256, digest));
        }
        return keys;
    }

    private Providing start(Servers servers) {
        return Providing.start(servers, store, ProvideOptions.DEFAULT, Clock.systemUTC());
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void keys_reachTheServers_andTheStatTellsOfThem() throws Exception {
        Servers servers = new Servers(5, 5);
        List<Multihash> keys = keys(300);
        try (Providing providing = start(servers)) {
            providing.provide(keys);
            assertThat(servers.wanted.await(20, TimeUnit.SECONDS)).isTrue();
            ProvideStat stat = get(providing.stat());
            assertThat(servers.told.keySet()).containsExactlyInAnyOrderElementsOf(keys);
            assertThat(servers.calls).hasSize(1);
            assertThat(stat.schedule().keys()).isEqualTo(300);
            assertThat(stat.connectivity().status()).isEqualTo("online");
            assertThat(providing.dropped()).isZero();
        }
    }

    @Test
    void round_keepsWhatItGives_aFailedOneKeepsAll() throws Exception {
        Servers servers = new Servers(3, 1);
        List<Multihash> keys = keys(2_000);
        try (Providing providing = start(servers)) {
            assertThat(get(providing.keepOnly(sink -> sink.accept(keys)))).isZero();
            assertThatThrownBy(() -> get(providing.keepOnly(sink -> {
                        sink.accept(keys.subList(0, 5));
                        throw new java.io.IOException("pins cannot be read");
                    })))
                    .hasMessageContaining("pins cannot be read");
            assertThat(get(providing.stat()).schedule().keys()).isEqualTo(2_000);
            assertThat(get(providing.keepOnly(sink -> sink.accept(keys.subList(0, 500)))))
                    .isEqualTo(1_500);
            assertThat(get(providing.stat()).schedule().keys()).isEqualTo(500);
        }
        try (Providing again = start(servers)) {
            assertThat(get(again.stat()).schedule().keys()).isEqualTo(500);
        }
    }

    @Test
    void tooMany_atOnce_areDroppedAndCounted() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        Servers servers = new Servers(3, 1) {
            @Override
            public CompletableFuture<List<Provider>> closestPeers(byte[] name) {
                try {
                    held.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.closestPeers(name);
            }
        };
        try (Providing providing = start(servers)) {
            providing.provide(keys(1));
            List<Multihash> many = keys(1_000);
            while (providing.dropped() == 0) {
                providing.provide(many); // the thread is held in its first lookup at the latest
            }
            held.countDown();
            assertThat(get(providing.stat()).schedule().keys()).isLessThanOrEqualTo(1_001);
        }
    }

    @Test
    void afterClose_questionsFail_keysAreIgnored() {
        Providing providing = Providing.start(
                new Servers(1, 1), store, ProvideOptions.DEFAULT.withInterval(Duration.ZERO), Clock.systemUTC());
        providing.close();
        providing.provide(keys(1));
        assertThatThrownBy(() -> get(providing.stat())).hasMessageContaining("providing has ended");
    }
}

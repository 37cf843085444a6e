package io.kafila.dht.internal.records;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.internal.Contacts;
import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.FakeClock;
import io.kafila.testkit.Seed;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoresTest {
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.7/tcp/4001");
    private static final StoreLimits SMALL =
            new StoreLimits(50, 5, 20, 10, 2_000, Duration.ofHours(48), Duration.ofHours(24), Duration.ofHours(48));

    private final FakeClock clock = new FakeClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Datastore disk = new MemoryDatastore();
    private final Counters counters = new Counters();

    private ProviderStore providers(StoreLimits limits) {
        return new ProviderStore(disk, clock::millis, limits, counters);
    }

    private ValueStore values(StoreLimits limits) {
        return new ValueStore(disk, clock::millis, new Validators(List.of(new PublicKeyValidator())), limits, counters);
    }

    private static byte[] key(int number) {
        return ("key" + number).getBytes(US_ASCII);
    }

    @Test
    void providers_survive_withAddressesForADay_recordsForTwo() {
        Seed.each(1, random -> {
            PeerEntry provider = new PeerEntry(Contacts.peer(random), List.of(ADDRESS));
            assertThat(providers(StoreLimits.DEFAULT).add(key(1), provider)).isTrue();

            ProviderStore reopened = providers(StoreLimits.DEFAULT);
            assertThat(reopened.size()).isEqualTo(1);
            assertThat(reopened.get(key(1))).containsExactly(provider);
            assertThat(reopened.get(key(11))).isEmpty();
            clock.advance(Duration.ofHours(25));
            assertThat(reopened.get(key(1))).containsExactly(new PeerEntry(provider.peer(), List.of()));
            clock.advance(Duration.ofHours(23));
            assertThat(reopened.get(key(1))).isEmpty();
            assertThat(reopened.size()).isZero();
        });
    }

    @Test
    void providers_sweepDropsAllThatIsOld() {
        Seed.each(1, random -> {
            ProviderStore store = providers(StoreLimits.DEFAULT);
            PeerEntry provider = new PeerEntry(Contacts.peer(random), List.of(ADDRESS));
            for (int i = 0; i < 1_300; i++) {
                store.add(key(i), provider);
            }
            clock.advance(Duration.ofHours(47));
            store.add(key(7), provider);
            clock.advance(Duration.ofHours(2));
            int rounds = 1;
            while (!store.sweep()) {
                rounds++;
            }
            assertThat(rounds).isGreaterThan(2);
            assertThat(store.size()).isEqualTo(1);
            assertThat(store.get(key(7))).containsExactly(provider);
        });
    }

    @Test
    void providers_bounds_refuseNewOnesAndRenewKnownOnes() {
        Seed.each(1, random -> {
            ProviderStore store = providers(SMALL);
            PeerEntry greedy = new PeerEntry(Contacts.peer(random), List.of(ADDRESS));
            for (int i = 0; i < 30; i++) {
                store.add(key(i), greedy);
            }
            assertThat(store.size()).isEqualTo(20);
            assertThat(counters.get(Counter.PROVIDERS_OF_GREEDY_PEER_REFUSED)).isEqualTo(10);

            for (int i = 0; i < 9; i++) {
                store.add(key(0), new PeerEntry(Contacts.peer(random), List.of()));
            }
            assertThat(store.get(key(0))).hasSize(5);
            assertThat(counters.get(Counter.PROVIDERS_OF_FULL_KEY_REFUSED)).isEqualTo(5);

            for (int i = 0; i < 1_000; i++) {
                store.add(key(100 + i), new PeerEntry(Contacts.peer(random), List.of(ADDRESS)));
            }
            assertThat(store.size()).isLessThanOrEqualTo(50);
            assertThat(counters.get(Counter.PROVIDERS_OF_FULL_STORE_REFUSED)).isPositive();
            assertThat(store.add(key(3), greedy)).as("renewed").isTrue();
            assertThat(providers(SMALL).size()).isEqualTo(store.size());
        });
    }

    @Test
    void values_survive_andAgeOut() {
        PrivateKey owner = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        byte[] key = pk(owner.publicKey().peerId());
        byte[] value = owner.publicKey().protobuf();
        values(StoreLimits.DEFAULT).put(key, value);

        ValueStore reopened = values(StoreLimits.DEFAULT);
        assertThat(reopened.sizeBytes()).isPositive();
        assertThat(reopened.get(key).value()).isEqualTo(value);
        clock.advance(Duration.ofHours(48));
        assertThat(reopened.get(key)).isNull();
        assertThat(reopened.sizeBytes()).isZero();
    }

    @Test
    void values_forged_refused() {
        ValueStore store = values(StoreLimits.DEFAULT);
        PrivateKey owner = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        PrivateKey other = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        assertThatThrownBy(() -> store.put(
                        pk(owner.publicKey().peerId()), other.publicKey().protobuf()))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage("pk record: key of " + other.publicKey().peerId() + ", want that of "
                        + owner.publicKey().peerId());
        assertThatThrownBy(() -> store.put("/other/x".getBytes(US_ASCII), new byte[1]))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessage("record: namespace \"other\", want one of [pk]");
        assertThat(counters.get(Counter.INVALID_VALUES_REFUSED)).isEqualTo(2);
        assertThat(store.sizeBytes()).isZero();
    }

    @Test
    void values_full_newKeysRefusedKnownOnesRenewed() {
        ValueStore store = values(SMALL);
        byte[] first = null;
        PrivateKey firstOwner = null;
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            PrivateKey owner = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
            byte[] key = pk(owner.publicKey().peerId());
            try {
                store.put(key, owner.publicKey().protobuf());
                first = first == null ? key : first;
                firstOwner = firstOwner == null ? owner : firstOwner;
            } catch (InvalidRecordException e) {
                refused++;
            }
            assertThat(store.sizeBytes()).isLessThanOrEqualTo(2_000);
        }
        assertThat(refused).isPositive();
        assertThat(counters.get(Counter.VALUES_OF_FULL_STORE_REFUSED)).isEqualTo(refused);
        clock.advance(Duration.ofHours(40));
        store.put(first, firstOwner.publicKey().protobuf());
        clock.advance(Duration.ofHours(40));
        assertThat(store.get(first)).isNotNull();
    }

    @Test
    void writeBuffer_readsItsWrites_flushMakesDurable() {
        WriteBuffer buffer = new WriteBuffer(disk);
        Random random = new Random(1);
        ProviderStore store = new ProviderStore(buffer, clock::millis, StoreLimits.DEFAULT, counters);
        PeerEntry provider = new PeerEntry(Contacts.peer(random), List.of());
        store.add(key(1), provider);
        buffer.flush();
        store.add(key(2), provider);
        assertThat(providers(StoreLimits.DEFAULT).get(key(1))).containsExactly(provider);
        assertThat(providers(StoreLimits.DEFAULT).get(key(2))).isEmpty();
        assertThat(store.get(key(2))).containsExactly(provider);
        assertThat(providers(StoreLimits.DEFAULT).get(key(2)))
                .as("a scan flushes")
                .containsExactly(provider);
    }

    private static byte[] pk(PeerId peer) {
        byte[] id = peer.bytes();
        byte[] key = new byte[4 + id.length];
        System.arraycopy("/pk/".getBytes(US_ASCII), 0, key, 0, 4);
        System.arraycopy(id, 0, key, 4, id.length);
        return key;
    }
}

package io.kafila.libp2p.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.FakeClock;
import io.kafila.testkit.Seed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerBookTest {
    private final FakeClock clock = new FakeClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final MemoryDatastore datastore = new MemoryDatastore();
    private final Deque<Runnable> writes = new ArrayDeque<>();
    private final PeerBook book = open();

    private PeerBook open() {
        return new PeerBook(datastore, clock, writes::add);
    }

    private static PeerId peer(int n) {
        return PeerId.of(HashFunction.SHA2_256.digest(new byte[] {(byte) n, (byte) (n >> 8)}));
    }

    private static Multiaddr address(int port) {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port);
    }

    private static final byte[] ALL = "/peers/".getBytes(StandardCharsets.US_ASCII);

    @Test
    void addresses_afterTheirExpiry_areGone() {
        book.addAddresses(peer(1), List.of(address(1)), Duration.ofMinutes(1));
        book.addAddresses(peer(1), List.of(address(2)), Duration.ofMinutes(3));
        book.addAddresses(peer(1), List.of(address(1)), Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(59));
        assertThat(book.addresses(peer(1))).containsExactly(address(1), address(2));
        clock.advance(Duration.ofSeconds(1));
        assertThat(book.addresses(peer(1))).containsExactly(address(2));
        clock.advance(Duration.ofMinutes(2));
        assertThat(book.addresses(peer(1))).isEmpty();
        assertThat(book.peers()).isEmpty();
        assertThat(book.addresses(peer(2))).isEmpty();
    }

    @Test
    void addAddresses_withPeerIdOrEndlessTtl_keptBareAndForever() {
        book.addAddresses(peer(1), List.of(address(1).withPeerId(peer(1))), Duration.ofSeconds(Long.MAX_VALUE));
        book.addAddresses(peer(2), List.of(address(1)), Duration.ZERO);
        clock.advance(Duration.ofDays(100_000));
        assertThat(book.addresses(peer(1))).containsExactly(address(1));
        assertThat(book.peers()).containsExactly(peer(1));
    }

    @Test
    void addAddresses_tooMany_dropsThoseThatExpireFirst() {
        book.addAddresses(peer(1), List.of(address(9999)), Duration.ofSeconds(1));
        book.addAddresses(
                peer(1),
                IntStream.rangeClosed(1, 64).mapToObj(PeerBookTest::address).toList(),
                Duration.ofHours(1));
        assertThat(book.addresses(peer(1))).hasSize(PeerBook.MAX_ADDRESSES).doesNotContain(address(9999));
    }

    @Test
    void addAddresses_tooManyPeers_dropsTheLeastAskedFor() {
        for (int i = 0; i < PeerBook.MAX_PEERS; i++) {
            book.addAddresses(peer(i), List.of(address(1)), Duration.ofHours(1));
        }
        book.addresses(peer(0));
        book.addAddresses(peer(60_000), List.of(address(1)), Duration.ofHours(1));

        assertThat(book.peers())
                .hasSize(PeerBook.MAX_PEERS)
                .contains(peer(0), peer(60_000))
                .doesNotContain(peer(1));
        book.close();
        assertThat(open().peers()).hasSize(PeerBook.MAX_PEERS).doesNotContain(peer(1));
    }

    @Test
    void write_behind_inOneTaskAndReadBackAtStart() {
        book.addAddresses(peer(1), List.of(address(1), address(2)), Duration.ofMinutes(1));
        book.addAddresses(peer(2), List.of(address(3)), Duration.ofMinutes(9));
        book.remove(peer(3));
        assertThat(datastore.scan(ALL, ALL, 10)).isEmpty();
        assertThat(writes).hasSize(1);

        writes.remove().run();

        assertThat(datastore.scan(ALL, ALL, 10)).hasSize(2);
        assertThat(open().addresses(peer(1))).containsExactly(address(1), address(2));
        book.remove(peer(1));
        assertThat(writes).hasSize(1);
        writes.remove().run();
        assertThat(open().peers()).containsExactly(peer(2));
        clock.advance(Duration.ofMinutes(10));
        assertThat(open().peers()).isEmpty();
        assertThat(datastore.scan(ALL, ALL, 10)).isEmpty();
    }

    @Test
    void write_datastoreFails_bookStaysUsable() {
        Datastore broken = new Datastore() {
            @Override
            public byte[] get(byte[] key) {
                throw new IllegalStateException("disk");
            }

            @Override
            public void write(List<Entry> batch) {
                throw new IllegalStateException("disk");
            }

            @Override
            public List<Entry> scan(byte[] prefix, byte[] after, int limit) {
                return List.of();
            }
        };
        PeerBook some = new PeerBook(broken, clock, Runnable::run);
        some.addAddresses(peer(1), List.of(address(1)), Duration.ofHours(1));
        some.close();
        assertThat(some.addresses(peer(1))).containsExactly(address(1));
    }

    @Test
    void load_recordThatDoesNotDecode_dropped() {
        book.addAddresses(peer(1), List.of(address(1)), Duration.ofHours(1));
        book.close();
        byte[] key = datastore.scan(ALL, ALL, 1).get(0).key();
        byte[] bad = key.clone();
        bad[bad.length - 1] ^= 1;
        datastore.write(List.of(new Datastore.Entry(bad, new byte[] {7})));

        assertThat(open().peers()).containsExactly(peer(1));
        assertThat(datastore.get(bad)).isNull();
    }

    @Test
    void info_kept_untilRemoved() {
        IdentifyInfo info = new IdentifyInfo("agent", "ipfs/0.1.0", List.of(), List.of("/x"), List.of());
        book.identified(peer(1), info);
        assertThat(book.info(peer(1))).contains(info);
        assertThat(book.peers()).containsExactly(peer(1));
        book.remove(peer(1));
        assertThat(book.info(peer(1))).isEmpty();
    }

    @Test
    void record_truncatedOrHostile_failsOnlyAsDeclared() {
        Map<Multiaddr, Long> some = Map.of(address(1), 5L, address(2), Long.MAX_VALUE);
        byte[] record = PeerRecord.encode(some);
        assertThat(PeerRecord.decode(record)).isEqualTo(some);
        for (int length = 0; length < record.length; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThatThrownBy(() -> PeerRecord.decode(cut)).isInstanceOf(MultiformatException.class);
        }
        assertThatThrownBy(() -> PeerRecord.decode(Arrays.copyOf(record, record.length + 1)))
                .hasMessageContaining("1 bytes behind its end");
        assertThatThrownBy(() -> PeerRecord.decode(new byte[] {1, 65})).hasMessageContaining("65 addresses");
        Seed.each(1000, random -> {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            if (noise.length > 2) {
                noise[0] = 1;
                noise[1] = 1;
            }
            try {
                assertThat(PeerRecord.decode(noise)).hasSizeLessThanOrEqualTo(PeerBook.MAX_ADDRESSES);
            } catch (MultiformatException e) {
                assertThat(e.getMessage()).isNotNull();
            }
        });
    }

    @Test
    void memoryDatastore_scan_pagesInUnsignedOrder() {
        MemoryDatastore some = new MemoryDatastore();
        for (int i : new int[] {0x80, 1, 0xff, 0x7f}) {
            some.write(List.of(new Datastore.Entry(new byte[] {'p', (byte) i}, new byte[] {(byte) i})));
        }
        some.write(List.of(new Datastore.Entry(new byte[] {'q'}, new byte[0])));
        byte[] p = {'p'};
        assertThat(some.scan(p, p, 2).stream().map(entry -> entry.key()[1])).containsExactly((byte) 1, (byte) 0x7f);
        assertThat(some.scan(p, new byte[] {'p', 0x7f}, 9).stream().map(entry -> entry.key()[1]))
                .containsExactly((byte) 0x80, (byte) 0xff);
        assertThat(some.scan(p, new byte[0], 9)).hasSize(4);
        some.write(List.of(new Datastore.Entry(new byte[] {'q'}, null)));
        assertThat(some.get(new byte[] {'q'})).isNull();
    }
}

package io.kafila.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.kafila.testkit.Seed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random and mutated input for every decoder: a refusal or a value that survives a round trip, within bounded memory.
 * {@code -Dkafila.fuzz.runs} says how many inputs each gets.
 */
class DecodersFuzz {
    private static final int RUNS = Integer.getInteger("kafila.fuzz.runs", 4000);

    /** What one decoding may allocate; the largest, an RSA key, takes some tens of KiB. */
    private static final long MAX_ALLOCATED_BYTES = 512 << 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Loads the curves, whose tables would count as allocations of the first input that needs them. */
    @BeforeAll
    static void loadKeys() {
        for (KeyType type : KeyType.values()) {
            PrivateKey key = PrivateKey.generate(type, new SecureRandom());
            key.publicKey().verify(new byte[1], key.sign(new byte[1]));
        }
    }

    @Test
    void varint() {
        fuzzBytes(RUNS, List.of(Varint.encode(300), Varint.encode(Long.MAX_VALUE)), bytes -> {
            ByteBuffer source = ByteBuffer.wrap(bytes);
            long value = Varint.read(source);
            assertThat(Varint.encode(value)).isEqualTo(Arrays.copyOf(bytes, source.position()));
        });
    }

    @Test
    void multihash() {
        fuzzBytes(
                RUNS,
                HashFunction.all().stream()
                        .map(function -> function.digest(new byte[3]).bytes())
                        .toList(),
                bytes -> assertThat(Multihash.decode(bytes).bytes()).isEqualTo(bytes));
    }

    @Test
    void cidAndPrefix() {
        List<byte[]> seeds = new ArrayList<>();
        Random random = new Seed(7).random();
        for (int i = 0; i < 20; i++) {
            seeds.add(CidTest.anyCid(random).bytes());
        }
        fuzzBytes(RUNS, seeds, bytes -> assertThat(Cid.decode(bytes).bytes()).isEqualTo(bytes));
        List<byte[]> prefixes =
                seeds.stream().map(bytes -> Cid.decode(bytes).prefix().bytes()).toList();
        fuzzBytes(
                RUNS,
                prefixes,
                bytes -> assertThat(Cid.Prefix.decode(bytes).bytes()).isEqualTo(bytes));
    }

    @Test
    void cidText() {
        Cid cid = Cid.v1(Multicodec.RAW, HashFunction.SHA2_256.digest(new byte[1]));
        List<String> seeds = new ArrayList<>();
        for (Multibase base : Multibase.values()) {
            seeds.add(cid.toString(base));
        }
        seeds.add(Cid.v0(cid.multihash()).toString());
        fuzzText(RUNS, seeds, text -> {
            Cid parsed = Cid.parse(text);
            assertThat(Cid.parse(parsed.toString())).isEqualTo(parsed);
        });
    }

    @Test
    void peerId() {
        PeerId peer = PrivateKey.generate(KeyType.ED25519, new SecureRandom()).peerId();
        fuzzBytes(RUNS, List.of(peer.bytes()), bytes -> {
            PeerId decoded = PeerId.decode(bytes);
            assertThat(decoded.bytes()).isEqualTo(bytes);
            decoded.inlinedKey()
                    .ifPresent(key -> assertThat(decoded.matches(key)).isTrue());
        });
        fuzzText(RUNS, List.of(peer.toString(), peer.toCid().toString()), text -> {
            PeerId parsed = PeerId.parse(text);
            assertThat(PeerId.parse(parsed.toString())).isEqualTo(parsed);
        });
    }

    @Test
    void multiaddr() {
        List<String> texts = List.of(
                "/ip4/1.2.3.4/tcp/80/ws",
                "/ip6zone/x/ip6/fe80::1/udp/1234/quic-v1/webtransport",
                "/dns4/example.com/tcp/443/tls/sni/example.com/http/http-path/a%2Fb",
                "/onion/timaq4ygg2iegci7:80/http",
                "/onion3/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234",
                "/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuq",
                "/ip4/1.2.3.4/tcp/1/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC/p2p-circuit",
                "/udp/1/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjLa2R_RF71v86aVxlqdKNOQ",
                "/memory/7",
                "/unix/a/b");
        fuzzBytes(
                RUNS, texts.stream().map(text -> Multiaddr.parse(text).bytes()).toList(), bytes -> {
                    Multiaddr address = Multiaddr.decode(bytes);
                    assertThat(address.bytes()).isEqualTo(bytes);
                    assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
                });
        fuzzText(RUNS, texts, text -> {
            Multiaddr address = Multiaddr.parse(text);
            assertThat(Multiaddr.decode(address.bytes())).isEqualTo(address);
            assertThat(Multiaddr.parse(address.toString())).isEqualTo(address);
        });
    }

    @Test
    void keys() {
        List<byte[]> privates = new ArrayList<>();
        List<byte[]> publics = new ArrayList<>();
        for (KeyType type : KeyType.values()) {
            PrivateKey key = PrivateKey.generate(type, new SecureRandom());
            privates.add(key.protobuf());
            publics.add(key.publicKey().protobuf());
        }
        fuzzBytes(RUNS, publics, bytes -> {
            PublicKey key = PublicKey.decode(bytes);
            assertThat(PublicKey.decode(key.protobuf())).isEqualTo(key);
            assertThat(key.verify(new byte[1], bytes)).isFalse();
        });
        fuzzBytes(RUNS / 8, privates, bytes -> {
            PrivateKey key = PrivateKey.decode(bytes);
            assertThat(PrivateKey.decode(key.protobuf())).isEqualTo(key);
        });
    }

    @Test
    void multibase() {
        List<String> seeds = new ArrayList<>();
        for (Multibase base : Multibase.values()) {
            seeds.add(base.encode("some bytes!".getBytes(StandardCharsets.UTF_8)));
        }
        fuzzText(RUNS, seeds, text -> {
            byte[] decoded = Multibase.decode(text);
            assertThat(Multibase.of(text).encode(decoded)).isEqualToIgnoringCase(text);
        });
    }

    private static void fuzzBytes(int runs, List<byte[]> seeds, Consumer<byte[]> decoder) {
        decoder.accept(seeds.get(0));
        Seed.each(runs, random -> bounded(decoder, mutated(random, seeds)));
    }

    private static void fuzzText(int runs, List<String> seeds, Consumer<String> decoder) {
        decoder.accept(seeds.get(0));
        Function<byte[], String> text = bytes -> new String(bytes, StandardCharsets.UTF_8);
        List<byte[]> bytes = seeds.stream()
                .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                .toList();
        Seed.each(runs, random -> bounded(decoder, text.apply(mutated(random, bytes))));
    }

    private static <T> void bounded(Consumer<T> decoder, T input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            decoder.accept(input);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MAX_ALLOCATED_BYTES);
    }

    private static byte[] mutated(Random random, List<byte[]> seeds) {
        if (random.nextInt(8) == 0) {
            byte[] noise = new byte[random.nextInt(random.nextInt(20) == 0 ? 2000 : 60)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(bytes.length + 1);
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = spliced(bytes, at, at, new byte[] {(byte) random.nextInt()});
                case 2 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(3)), new byte[0]);
                case 3 -> {
                    byte[] other = seeds.get(random.nextInt(seeds.size()));
                    bytes = spliced(bytes, at, at, Arrays.copyOf(other, random.nextInt(other.length + 1)));
                }
                default -> {
                    if (at < bytes.length) {
                        bytes[at] ^= (byte) (1 << random.nextInt(8));
                    }
                }
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] insert) {
        ByteBuffer result = ByteBuffer.allocate(bytes.length - (to - from) + insert.length);
        return result.put(bytes, 0, from)
                .put(insert)
                .put(bytes, to, bytes.length - to)
                .array();
    }
}

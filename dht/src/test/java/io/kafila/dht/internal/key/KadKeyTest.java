package io.kafila.dht.internal.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class KadKeyTest {

    @Test
    void of_peer_isHashOfMultihash() {
        PeerId peer = PeerId.parse("QmbEcdv4CMsk3RtUYgr1dc7ZAiwPMRt4WHRgSTf3ndB5D7");
        assertThat(KadKey.of(peer)).isEqualTo(KadKey.hash(peer.bytes())).isEqualTo(KadKey.of(peer.multihash()));
        assertThat(KadKey.hash(new byte[0]))
                .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void distances_areThoseOfExclusiveOr() {
        Seed.each(500, random -> {
            KadKey from = random(random);
            KadKey left = from.randomAt(random.nextInt(256), random);
            KadKey right = from.randomAt(random.nextInt(256), random);
            assertThat(Integer.signum(from.compareDistances(left, right)))
                    .isEqualTo(distance(from, left).compareTo(distance(from, right)));
            assertThat(from.commonPrefix(left))
                    .isEqualTo(256 - distance(from, left).bitLength());
            assertThat(Integer.signum(left.compareTo(right)))
                    .isEqualTo(new BigInteger(1, left.bytes()).compareTo(new BigInteger(1, right.bytes())));
        });
    }

    @Test
    void randomAt_sharesExactlySoManyBits() {
        Seed.each(20, random -> {
            KadKey from = random(random);
            for (int length = 0; length < 256; length++) {
                assertThat(from.commonPrefix(from.randomAt(length, random))).isEqualTo(length);
            }
        });
        KadKey same = KadKey.hash(new byte[] {1});
        assertThat(same.commonPrefix(same)).isEqualTo(256);
    }

    private static KadKey random(java.util.Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return KadKey.of(bytes);
    }

    private static BigInteger distance(KadKey one, KadKey other) {
        return new BigInteger(1, one.bytes()).xor(new BigInteger(1, other.bytes()));
    }
}

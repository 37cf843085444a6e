package io.kafila.libp2p.internal.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kafila.libp2p.BandwidthCounter.Bandwidth;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.PeerId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BandwidthMetersTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(-5 * SECOND);
    private final BandwidthMeters meters = new BandwidthMeters(now::get);

    private static PeerId peer(int n) {
        return PeerId.of(HashFunction.SHA2_256.digest(new byte[] {(byte) n, (byte) (n >> 8)}));
    }

    @Test
    void rate_steadyTraffic_approachesItAndThenDecays() {
        for (int i = 0; i < 200; i++) {
            meters.received(peer(1), "/x", 100);
            now.addAndGet(SECOND / 10);
        }
        assertThat(meters.total().rateIn()).isCloseTo(1000, within(10.0));
        assertThat(meters.peer(peer(1)).rateIn()).isCloseTo(1000, within(10.0));
        assertThat(meters.protocol("/x").totalIn()).isEqualTo(20_000);
        assertThat(meters.total().rateOut()).isZero();

        now.addAndGet(2 * SECOND);
        assertThat(meters.total().rateIn()).isBetween(50.0, 1000.0);
        now.addAndGet(30 * SECOND);
        assertThat(meters.total().rateIn()).isLessThan(1);
    }

    @Test
    void rate_firstSecond_weighsAsInGo() {
        meters.sent(peer(1), "/x", 1000);
        now.addAndGet(SECOND);
        assertThat(meters.total().rateOut()).isCloseTo(1000 * (1 - Math.exp(-1)), within(1e-6));
    }

    @Test
    void peer_unknown_zeros() {
        assertThat(meters.peer(peer(9))).isEqualTo(new Bandwidth(0, 0, 0, 0));
        assertThat(meters.protocol("/none")).isEqualTo(new Bandwidth(0, 0, 0, 0));
    }

    @Test
    void meters_tooMany_forgetTheLongestIdle() {
        for (int i = 0; i <= BandwidthMeters.MAX_PEERS; i++) {
            meters.sent(peer(i), "/" + i, 1);
            now.addAndGet(2 * SECOND);
            meters.sent(peer(0), "/0", 1);
        }
        assertThat(meters.peer(peer(0)).totalOut()).isGreaterThan(1000);
        assertThat(meters.peer(peer(1)).totalOut()).isZero();
        assertThat(meters.peer(peer(BandwidthMeters.MAX_PEERS)).totalOut()).isEqualTo(1);
        assertThat(meters.total().totalOut()).isEqualTo(2L * (BandwidthMeters.MAX_PEERS + 1));
    }
}

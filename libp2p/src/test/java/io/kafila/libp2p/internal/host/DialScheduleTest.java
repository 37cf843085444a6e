package io.kafila.libp2p.internal.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DialScheduleTest {
    private static final long MILLI = 1_000_000;
    private static final Multiaddr LOOPBACK = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
    private static final Multiaddr PRIVATE = Multiaddr.parse("/ip4/192.168.1.1/tcp/1");
    private static final Multiaddr PUBLIC4 = Multiaddr.parse("/ip4/93.184.216.34/tcp/1");
    private static final Multiaddr PUBLIC6 = Multiaddr.parse("/ip6/2606:2800:220:1::1/tcp/1");
    private static final Multiaddr MEMORY = Multiaddr.parse("/memory/1");

    private final DialSchedule schedule = new DialSchedule(0);

    @Test
    void order_nearestFirst_ipv6BeforeIpv4() {
        List<Multiaddr> ranked = new ArrayList<>(List.of(PUBLIC4, PRIVATE, PUBLIC6, LOOPBACK, MEMORY));
        ranked.sort(DialRanking.ORDER);
        assertThat(ranked).containsExactly(MEMORY, LOOPBACK, PRIVATE, PUBLIC6, PUBLIC4);
    }

    @Test
    void headStart_isShortForNearAddresses_andLongForFarOnes() {
        add(LOOPBACK, PUBLIC6, PUBLIC4);
        assertThat(schedule.due(0)).containsExactly(LOOPBACK);
        assertThat(schedule.waitNanos(0)).isEqualTo(30 * MILLI);
        assertThat(schedule.due(29 * MILLI)).isEmpty();
        assertThat(schedule.due(30 * MILLI)).containsExactly(PUBLIC6);
        assertThat(schedule.due(279 * MILLI)).isEmpty();
        assertThat(schedule.due(280 * MILLI)).containsExactly(PUBLIC4);
        assertThat(schedule.waitNanos(280 * MILLI)).isNegative();
    }

    @Test
    void failure_startsTheNextAtOnce() {
        add(PUBLIC6, PUBLIC4);
        schedule.due(0);
        schedule.failed(5 * MILLI);
        assertThat(schedule.due(5 * MILLI)).containsExactly(PUBLIC4);
        assertThat(schedule.isExhausted()).isFalse();
        schedule.failed(6 * MILLI);
        assertThat(schedule.isExhausted()).isTrue();
    }

    @Test
    void atMostEight_areTriedAtOnce() {
        for (int i = 1; i <= 20; i++) {
            add(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + i));
        }
        int started = 0;
        for (int i = 0; i < 100; i++) {
            started += schedule.due(i * 30 * MILLI).size();
        }
        assertThat(started).isEqualTo(DialSchedule.MAX_CONCURRENT);
        schedule.failed(3000 * MILLI);
        assertThat(schedule.due(3000 * MILLI)).hasSize(1);
    }

    @Test
    void addresses_areTriedOnce_andABoundedNumber() {
        assertThat(schedule.add(LOOPBACK)).isTrue();
        assertThat(schedule.add(LOOPBACK)).isFalse();
        for (int i = 1; i < DialSchedule.MAX_ADDRESSES; i++) {
            assertThat(schedule.add(Multiaddr.parse("/memory/" + i))).isTrue();
        }
        assertThat(schedule.add(PUBLIC4)).isFalse();
    }

    @Test
    void timeouts_dependOnTheDistance() {
        assertThat(DialRanking.timeoutMs(PRIVATE)).isEqualTo(5_000);
        assertThat(DialRanking.timeoutMs(PUBLIC4)).isEqualTo(15_000);
    }

    @Test
    void backoff_growsWithFailures_endsAtSuccess_andIsBounded() {
        DialBackoff backoff = new DialBackoff();
        backoff.onFailure(PUBLIC4, 0);
        assertThat(backoff.isBackingOff(PUBLIC4, 4_999 * MILLI)).isTrue();
        assertThat(backoff.isBackingOff(PUBLIC4, 5_000 * MILLI)).isFalse();
        backoff.onFailure(PUBLIC4, 0);
        backoff.onFailure(PUBLIC4, 0);
        assertThat(backoff.isBackingOff(PUBLIC4, 8_999 * MILLI)).isTrue();
        assertThat(backoff.isBackingOff(PUBLIC4, 9_000 * MILLI)).isFalse();
        backoff.onSuccess(PUBLIC4);
        assertThat(backoff.isBackingOff(PUBLIC4, 0)).isFalse();
        for (int i = 0; i < DialBackoff.MAX_ADDRESSES + 100; i++) {
            backoff.onFailure(Multiaddr.parse("/memory/" + i), 0);
        }
        assertThat(backoff.size()).isEqualTo(DialBackoff.MAX_ADDRESSES);
    }

    private void add(Multiaddr... addresses) {
        for (Multiaddr address : addresses) {
            schedule.add(address);
        }
    }
}

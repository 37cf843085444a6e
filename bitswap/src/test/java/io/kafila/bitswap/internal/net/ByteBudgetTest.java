package io.kafila.bitswap.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private static final int MIB = 1024 * 1024;

    private static PeerId peer(int number) {
        return PeerId.decode(
                HashFunction.SHA2_256.digest(new byte[] {(byte) number}).bytes());
    }

    @Test
    void reserve_aboveThePeersShare_waitsForItsRelease() {
        ByteBudget budget = new ByteBudget(100, 40);
        AtomicInteger retries = new AtomicInteger();
        ByteBudget.Reservation first = budget.reserve(peer(1), 30, retries::incrementAndGet);
        assertThat(budget.reserve(peer(1), 20, retries::incrementAndGet)).isNull();
        ByteBudget.Reservation other = budget.reserve(peer(2), 20, retries::incrementAndGet);
        assertThat(other).isNotNull();
        other.close();
        assertThat(retries).hasValue(0);
        first.close();
        first.close();
        assertThat(retries).hasValue(1);
        assertThat(budget.reservedBytes()).isZero();
    }

    @Test
    void reserve_moreThanEitherBound_isGrantedWhenNothingElseIsHeld() {
        ByteBudget budget = new ByteBudget(100, 40);
        try (ByteBudget.Reservation big = budget.reserve(peer(1), 1000, () -> {})) {
            assertThat(big).isNotNull();
            assertThat(budget.reserve(peer(2), 1, () -> {})).isNull();
        }
        assertThat(budget.reservedBytes(peer(1))).isZero();
    }

    @Test
    void reserve_whereOthersHoldEverything_leavesEachPeerItsFloor() {
        ByteBudget budget = new ByteBudget(512 * 100, 512 * 100);
        try (ByteBudget.Reservation all = budget.reserve(peer(1), 512 * 100, () -> {})) {
            assertThat(budget.reserve(peer(1), 1, () -> {})).isNull();
            assertThat(budget.reserve(peer(2), 101, () -> {})).isNull();
            try (ByteBudget.Reservation floor = budget.reserve(peer(2), 100, () -> {})) {
                assertThat(floor).isNotNull();
                assertThat(budget.reserve(peer(2), 1, () -> {})).isNull();
            }
            assertThat(all).isNotNull();
        }
        assertThat(budget.reservedBytes()).isZero();
    }

    @Test
    void withdraw_forgetsTheOneWhoWaits() {
        ByteBudget budget = new ByteBudget(100, 40);
        AtomicInteger retries = new AtomicInteger();
        Runnable retry = retries::incrementAndGet;
        ByteBudget.Reservation first = budget.reserve(peer(1), 30, () -> {});
        assertThat(budget.isContended()).isFalse();
        assertThat(budget.reserve(peer(1), 20, retry)).isNull();
        assertThat(budget.isContended()).isTrue();
        budget.withdraw(retry);
        assertThat(budget.isContended()).isFalse();
        first.close();
        assertThat(retries).hasValue(0);
    }

    @Test
    void park_isBoundedPerPeerAndInAll() {
        ByteBudget budget = new ByteBudget(100L * MIB, 40L * MIB);
        assertThat(budget.park(peer(1), 11 * MIB)).isFalse();
        assertThat(budget.park(peer(1), 10 * MIB)).isTrue();
        assertThat(budget.park(peer(1), 1 * MIB)).isFalse();
        assertThat(budget.park(peer(2), 10 * MIB)).isTrue();
        assertThat(budget.park(peer(3), 6 * MIB)).isFalse();
        budget.unpark(peer(1), 10 * MIB);
        assertThat(budget.park(peer(3), 6 * MIB)).isTrue();
        budget.unpark(peer(2), 10 * MIB);
        budget.unpark(peer(3), 6 * MIB);
        assertThat(budget.parkedBytes()).isZero();
    }

    @Test
    void park_theHeadOfOneStream_alwaysHasRoom() {
        ByteBudget budget = new ByteBudget(100, 40);
        assertThat(budget.park(peer(1), InboundStream.HEAD_BYTES)).isTrue();
        assertThat(budget.park(peer(1), 1)).isFalse();
    }

    @Test
    void reserve_randomTakers_keepTheBounds_andAllGetTheirTurn() {
        Seed.forAll(100, random -> {
            ByteBudget budget = new ByteBudget(100, 60);
            Deque<ByteBudget.Reservation> held = new ArrayDeque<>();
            List<int[]> open = new ArrayList<>();
            AtomicInteger granted = new AtomicInteger();
            int asks = 200;
            for (int i = 0; i < asks; i++) {
                int[] ask = {random.nextInt(4), 1 + random.nextInt(60)};
                Runnable[] attempt = new Runnable[1];
                attempt[0] = () -> {
                    ByteBudget.Reservation got = budget.reserve(peer(ask[0]), ask[1], attempt[0]);
                    if (got != null) {
                        granted.incrementAndGet();
                        held.add(got);
                    }
                };
                attempt[0].run();
                assertThat(budget.reservedBytes()).isLessThanOrEqualTo(100);
                assertThat(budget.reservedBytes(peer(ask[0]))).isLessThanOrEqualTo(60);
                if (random.nextInt(3) == 0 && !held.isEmpty()) {
                    held.remove().close();
                }
                open.add(ask);
            }
            while (!held.isEmpty()) {
                held.remove().close();
            }
            assertThat(granted).hasValue(asks);
            assertThat(budget.reservedBytes()).isZero();
        });
    }
}

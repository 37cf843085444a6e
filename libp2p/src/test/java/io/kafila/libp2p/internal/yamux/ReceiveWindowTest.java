package io.kafila.libp2p.internal.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
    private static final int MIB = 1024 * 1024;
    private static final int WINDOW = 16 * MIB;
    private static final long MILLI = 1_000_000;

    @Test
    void grant_largeWindow_comesInSteps() {
        ReceiveWindow window = grown();
        window.received(ReceiveWindow.STEP_BYTES - 1);
        window.consumed(ReceiveWindow.STEP_BYTES - 1);
        assertThat(window.grant(0, MILLI)).isZero();

        window.received(1);
        window.consumed(1);
        assertThat(window.grant(0, MILLI)).isEqualTo(ReceiveWindow.STEP_BYTES);
    }

    @Test
    void grant_unreadBytes_areNoRoom() {
        ReceiveWindow window = grown();
        window.received(4 * MIB);
        window.consumed(3 * MIB);
        assertThat(window.grant(0, MILLI)).isEqualTo(3 * MIB);
        assertThat(window.creditBytes()).isEqualTo(WINDOW - MIB);
    }

    @Test
    void shrink_creditThatThePeerHas_isNeverTakenBack() {
        ReceiveWindow window = grown();
        long credit = window.creditBytes();
        long idle = 60_000 * MILLI;
        window.shrink(idle, idle);
        assertThat(window.targetBytes()).isEqualTo(YamuxOptions.INITIAL_WINDOW_BYTES);
        for (long now = idle; credit > 0; now++) {
            int bytes = (int) Math.min(credit, 64 * 1024);
            window.received(bytes);
            window.consumed(bytes);
            int granted = window.grant(now, MILLI);
            assertThat(granted).isNotNegative();
            credit += granted - bytes;
            assertThat((long) window.creditBytes()).isEqualTo(credit);
            if (now > idle + 4 * WINDOW / (64 * 1024)) {
                break; // it has grown again and goes on for ever
            }
        }
        assertThat(credit).isPositive();
    }

    /** 1 Gbit/s over 100 ms hold 12.5 MB, three quarters of the largest window. */
    @Test
    void path_ofThreeQuartersOfTheLargestWindow_isKeptFull() {
        Path path = new Path(50, 125_000);
        path.runMillis(3_000);
        long before = path.delivered;
        path.runMillis(2_000);
        assertThat(path.delivered - before).isGreaterThan(2_000L * 125_000 * 99 / 100);
    }

    /** What a window costs until it has grown is what a sender needs to find the path's rate anyway. */
    @Test
    void path_long_isFullWithinTenRoundTrips() {
        Path path = new Path(50, 125_000);
        path.runMillis(1_000);
        long before = path.delivered;
        path.runMillis(100);
        assertThat(path.delivered - before).isGreaterThan(100L * 125_000 * 99 / 100);
    }

    private static ReceiveWindow grown() {
        ReceiveWindow window = new ReceiveWindow(new Unlimited(), WINDOW, 0);
        while (window.targetBytes() < WINDOW) {
            int bytes = window.creditBytes();
            window.received(bytes);
            window.consumed(bytes);
            window.grant(0, MILLI);
        }
        return window;
    }

    /** A sender that always has something, a path with a delay and a rate, and a reader that takes all at once. */
    private static final class Path {
        private final int oneWayMillis;
        private final int bytesPerMilli;
        private final ReceiveWindow window = new ReceiveWindow(new Unlimited(), WINDOW, 0);
        private final Deque<Integer> data = new ArrayDeque<>();
        private final Deque<Integer> credit = new ArrayDeque<>();
        private long creditBytes = YamuxOptions.INITIAL_WINDOW_BYTES;
        private long now;
        long delivered;

        Path(int oneWayMillis, int bytesPerMilli) {
            this.oneWayMillis = oneWayMillis;
            this.bytesPerMilli = bytesPerMilli;
            for (int i = 0; i < oneWayMillis; i++) {
                data.add(0);
                credit.add(0);
            }
        }

        void runMillis(int millis) {
            for (int i = 0; i < millis; i++) {
                now++;
                creditBytes += credit.remove();
                int sent = (int) Math.min(creditBytes, bytesPerMilli);
                creditBytes -= sent;
                data.add(sent);
                int arrived = data.remove();
                delivered += arrived;
                window.received(arrived);
                window.consumed(arrived);
                credit.add(window.grant(now * MILLI, 2L * oneWayMillis * MILLI));
            }
        }
    }

    private static final class Unlimited implements StreamBudget {
        @Override
        public boolean reserve(int bytes) {
            return true;
        }

        @Override
        public void release(int bytes) {}

        @Override
        public void close() {}
    }
}

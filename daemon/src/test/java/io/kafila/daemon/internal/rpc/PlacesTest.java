package io.kafila.daemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final long PATIENCE = 10;

    private long now;
    private final List<Call> told = new ArrayList<>();
    private final List<Call> started = new ArrayList<>();
    private final Places places = new Places(2, PATIENCE, told::add);

    private Call call() {
        return new Call(new Pace(() -> now, 1000), () -> {});
    }

    private boolean enter(Call call) {
        return places.enter(call, () -> started.add(call));
    }

    @Test
    void full_ofCallsThatWork_refuses() {
        Call first = call();
        assertThat(enter(first)).isTrue();
        assertThat(enter(call())).isTrue();
        now = 1000; // they may work as long as they like
        assertThat(enter(call())).isFalse();
        assertThat(started).hasSize(2);
        places.leave(first);
        assertThat(enter(call())).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void full_theSlowestBeyondPatience_givesWay() {
        Call slow = call();
        Call slower = call();
        enter(slow);
        enter(slower);
        slower.pace().begin();
        now = 5;
        slow.pace().begin();
        assertThat(enter(call())).as("within patience").isFalse();
        now = 20;
        Call next = call();
        assertThat(enter(next)).isTrue();
        assertThat(told).containsExactly(slower);
        assertThat(started).doesNotContain(next);
        places.leave(slower);
        assertThat(started).endsWith(next);
        assertThat(places.takenCount()).isEqualTo(2);
    }

    @Test
    void eachThatLeaves_makesRoomForOne() {
        Call first = call();
        Call second = call();
        enter(first);
        enter(second);
        first.pace().begin();
        second.pace().begin();
        now = 50;
        assertThat(enter(call())).isTrue();
        assertThat(enter(call())).isTrue();
        assertThat(enter(call())).as("nobody is left to give way").isFalse();
        assertThat(told).containsExactlyInAnyOrder(first, second);
        places.leave(first);
        places.leave(first);
        assertThat(started).hasSize(3);
        assertThat(places.takenCount()).isEqualTo(2);
    }

    @Test
    void pace_trickledBytes_areSlowAndPortionsAreNot() {
        Pace pace = new Pace(() -> now, 1000);
        for (int i = 0; i < 10; i++) {
            pace.begin();
            now += 2;
            pace.end();
            pace.moved(1);
        }
        assertThat(pace.slowNanos()).as("not waited for").isZero();
        pace.begin();
        assertThat(pace.slowNanos()).isEqualTo(20);
        pace.end();
        pace.moved(Pace.PORTION_BYTES);
        pace.begin();
        now += 3;
        assertThat(pace.slowNanos()).isEqualTo(3);
    }
}

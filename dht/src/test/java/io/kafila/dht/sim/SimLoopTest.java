package io.kafila.dht.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SimLoopTest {
    private final SimLoop loop = new SimLoop();
    private final List<String> done = new ArrayList<>();

    @Test
    void events_runAtTheirTimes_equalOnesInOrder() {
        loop.schedule(20, () -> done.add("c " + loop.nanoTime()));
        loop.schedule(10, () -> done.add("a " + loop.nanoTime()));
        loop.schedule(10, () -> {
            loop.execute(() -> done.add("now " + loop.nanoTime()));
            done.add("b " + loop.nanoTime());
        });
        loop.run(Duration.ofNanos(15));
        assertThat(done).containsExactly("a 10", "b 10", "now 10");
        assertThat(loop.nanoTime()).isEqualTo(15);
        loop.run(Duration.ofNanos(5));
        assertThat(done).endsWith("c 20");
    }

    @Test
    void withdrawn_doesNotRun() {
        Runnable withdraw = loop.schedule(10, () -> done.add("no"));
        withdraw.run();
        loop.run(Duration.ofNanos(20));
        assertThat(done).isEmpty();
    }

    @Test
    void await_stopsAtTheEventThatCompletes() {
        CompletableFuture<String> future = new CompletableFuture<>();
        loop.schedule(10, () -> future.complete("x"));
        loop.schedule(10, () -> done.add("later"));
        assertThat(loop.await(future, Duration.ofSeconds(1))).isEqualTo("x");
        assertThat(done).isEmpty();
        assertThatThrownBy(() -> loop.await(new CompletableFuture<>(), Duration.ofSeconds(2)))
                .hasMessage("simulation: not done within 2 s of virtual time");
    }
}

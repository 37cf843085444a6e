package io.kafila.bitswap.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTest {
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(3);
    private final Loop loop = new Loop(executor, System::nanoTime);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void execute_fromManyThreads_runsOneAtATimeInOrder() throws Exception {
        int threads = 4;
        int each = 5000;
        List<List<Integer>> seen = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads * each);
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            List<Integer> mine = new ArrayList<>();
            seen.add(mine);
            senders.add(new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    int value = i;
                    loop.execute(() -> {
                        overlaps.addAndGet(inside.getAndIncrement());
                        mine.add(value);
                        inside.decrementAndGet();
                        done.countDown();
                    });
                }
            }));
        }
        senders.forEach(Thread::start);
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(overlaps).hasValue(0);
        for (List<Integer> mine : seen) {
            assertThat(mine).hasSize(each).isSorted();
        }
    }

    @Test
    void afterBundle_runsOnceForManyTasks_andATaskThatFailsStopsNothing() throws Exception {
        AtomicInteger bundles = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        loop.afterBundle(bundles::incrementAndGet);
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 100; i++) {
            loop.execute(ran::incrementAndGet);
        }
        loop.execute(() -> {
            throw new IllegalStateException("a failure for the test");
        });
        loop.execute(() -> loop.execute(done::countDown));
        gate.countDown();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        // The hook of the last bundle comes after its tasks.
        executor.submit(() -> {}).get(20, TimeUnit.SECONDS);
        assertThat(ran).hasValue(100);
        assertThat(bundles.get()).isBetween(1, 4);
    }

    @Test
    void ask_answersFromWithinAndWithout_andOtherwiseWhenClosed() throws Exception {
        assertThat(loop.ask(loop::inLoop, false)).isTrue();
        assertThat(loop.ask(() -> loop.ask(() -> 5, 0), 0)).isEqualTo(5);
        loop.close();
        assertThat(loop.ask(() -> 5, 0)).isZero();
    }

    @Test
    void execute_executorIsShutDown_runsWhatIsLeftInTheCaller() {
        executor.shutdownNow();
        AtomicInteger ran = new AtomicInteger();
        loop.execute(ran::incrementAndGet);
        loop.execute(ran::incrementAndGet);
        assertThat(ran).hasValue(2);
    }
}

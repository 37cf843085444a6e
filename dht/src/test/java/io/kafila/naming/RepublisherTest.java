package io.kafila.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class RepublisherTest {
    private final NamingBench bench = new NamingBench();
    private final MemoryKeystore keys = new MemoryKeystore();
    private final Republisher republisher =
            new Republisher(bench.publisher, bench.key, keys, RepublishSchedule.DEFAULT, Runnable::run, bench.timer);

    @Test
    void run_soonAfterTheStartAndEveryFourHours() {
        PrivateKey second = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        keys.put("second", second);
        keys.put("without a record", PrivateKey.generate(KeyType.ED25519, new SecureRandom()));
        bench.publisher
                .make(bench.key, IpnsPublication.of(NamingBench.A), false)
                .join();
        bench.publisher.make(second, IpnsPublication.of(NamingBench.B), false).join();
        republisher.start();
        bench.scheduler.advance(Duration.ofSeconds(59));
        assertThat(bench.routing.puts).isZero();
        bench.scheduler.advance(Duration.ofSeconds(1));
        assertThat(bench.routing.puts).isEqualTo(2);
        bench.scheduler.advance(Duration.ofHours(4));
        assertThat(bench.routing.puts).isEqualTo(4);
        assertThat(republisher.publishedCount()).isEqualTo(4);
        IpnsRecord renewed = bench.store.get(bench.name).orElseThrow();
        assertThat(renewed.sequence()).isZero();
        assertThat(renewed.validity()).isEqualTo(bench.clock.instant().plus(Duration.ofHours(48)));
    }

    @Test
    void run_failure_isTriedAgainSooner() {
        bench.publisher
                .make(bench.key, IpnsPublication.of(NamingBench.A), false)
                .join();
        bench.routing.broken = true;
        republisher.start();
        bench.scheduler.advance(Duration.ofMinutes(1));
        assertThat(republisher.failureCount()).isEqualTo(1);
        bench.routing.broken = false;
        bench.scheduler.advance(Duration.ofMinutes(5));
        assertThat(republisher.publishedCount()).isEqualTo(1);
        bench.scheduler.advance(Duration.ofMinutes(5));
        assertThat(republisher.publishedCount()).isEqualTo(1);
    }

    @Test
    void close_endsIt() {
        republisher.start();
        republisher.close();
        republisher.close();
        assertThat(bench.scheduler.pending()).isZero();
    }

    @Test
    void run_manyKeysWithoutRecords_isNoDeepStack() {
        for (int i = 0; i < 3000; i++) {
            keys.put("k" + i, bench.key);
        }
        Deque<Runnable> tasks = new ArrayDeque<>();
        new Republisher(bench.publisher, bench.key, keys, RepublishSchedule.DEFAULT, tasks::add, bench.timer).start();
        bench.scheduler.advance(Duration.ofMinutes(1));
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        assertThat(bench.scheduler.pending()).as("the next round").isEqualTo(1);
    }

    @Test
    void schedule_bounds() {
        assertThatThrownBy(() -> new RepublishSchedule(Duration.ofSeconds(59), Duration.ofHours(1)))
                .hasMessageContaining("config setting IPNS.RepublishPeriod is not between 1min and 1day");
        assertThatThrownBy(() -> new RepublishSchedule(Duration.ofHours(4), Duration.ZERO))
                .hasMessageContaining("want more than 0");
    }
}

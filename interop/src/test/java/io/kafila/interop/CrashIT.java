package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.interop.CrashLoad.Root;
import io.kafila.testkit.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments while files are added and fetched: after each restart, without any manual step, what was
 * acknowledged since the last kill is whole and {@code repo verify} is clean; in the end all that was ever acknowledged is.
 */
class CrashIT {
    private static final int KILLS = Integer.getInteger("kafila.interop.kills", 6);
    private static final Seed SEED = new Seed(Long.getLong("kafila.seed", 42));

    /** How long after the load begins the latest kill comes. */
    private static final int LATEST_KILL_MS = 2500;

    @Test
    void killedWhileAddingAndFetching_acknowledgedRootsAreWhole(@TempDir Path home) throws Exception {
        Random random = SEED.random();
        List<Root> acknowledged = new ArrayList<>();
        int cutShort = 0;
        ExecutorService workers = Executors.newFixedThreadPool(2);
        ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
        try (CrashLoad load = new CrashLoad(home.resolve("samples"), random);
                Daemon source = Daemon.kafila(home.resolve("source")).start();
                Daemon kafila = Daemon.kafila(home.resolve("kafila")).start()) {
            for (int kill = 1; kill <= KILLS; kill++) {
                kafila.connect(source);
                CrashLoad.Round round = load.round(kafila, source);
                List<Future<?>> work = List.of(workers.submit(round::add), workers.submit(round::fetch));
                killer.schedule(
                                () -> {
                                    round.end();
                                    kafila.kill();
                                },
                                random.nextInt(LATEST_KILL_MS),
                                TimeUnit.MILLISECONDS)
                        .get();
                for (Future<?> each : work) {
                    each.get();
                }
                cutShort += round.cutShort();
                acknowledged.addAll(round.acknowledged());

                kafila.start();
                String when = "after kill " + kill + " of seed " + SEED.value();
                load.assertWhole(kafila, round.acknowledged(), when);
                assertThat(kafila.exec("repo", "verify").ok().text())
                        .as(when)
                        .contains("verify complete, all blocks validated");
            }
            load.assertWhole(kafila, acknowledged, "after all kills of seed " + SEED.value());
        } finally {
            workers.shutdownNow();
            killer.shutdownNow();
        }
        long adds = acknowledged.stream().filter(Root::added).count();
        long fetches = acknowledged.size() - adds;
        System.out.printf(
                "CrashIT: seed %d, %d kills, %d adds and %d fetches acknowledged, %d cut short%n",
                SEED.value(), KILLS, adds, fetches, cutShort);
        assertThat(adds).as("acknowledged adds").isPositive();
        assertThat(fetches).as("acknowledged fetches").isPositive();
        assertThat(cutShort).as("adds and fetches that a kill cut short").isPositive();
    }
}

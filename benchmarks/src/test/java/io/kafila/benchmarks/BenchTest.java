package io.kafila.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.scenario.Lane;
import io.kafila.benchmarks.scenario.Progress;
import io.kafila.benchmarks.scenario.Run;
import io.kafila.benchmarks.scenario.Scenario;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Workload;
import io.kafila.benchmarks.usage.PageCache;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    @TempDir
    private Path folder;

    private final List<Bench.Outcome> told = new ArrayList<>();
    private Path work;

    @BeforeEach
    void makeWork() throws Exception {
        work = Files.createDirectory(folder.resolve("work"));
    }

    private Bench bench() {
        return new Bench(
                OptionsMixinTest.parse("--output=" + folder, "--no-warm-memory", "--no-warm-up", "-n", "2"),
                Progress.SILENT);
    }

    private void run(Bench bench, Scenario... scenarios) {
        try (PageCache cache = new PageCache(work.resolve("untouched"))) {
            bench.run(List.of(scenarios), cache, told::add);
        }
    }

    private static Scenario scenario(String name, long diskBytes, Lane... lanes) {
        ContentSpec content = ContentSpec.file(1024);
        Workload workload = new Workload(Workload.Kind.TRANSFER, content.bytes(), 1, 1 << 20, "tls");
        return new Scenario(
                name, name, workload, content, true, diskBytes, PeerOptions.DEFAULT, Optional.empty(), List.of(lanes));
    }

    private static Lane failing(String name) {
        return Lane.of(name, repetition -> {
            throw new BenchException("no peer");
        });
    }

    @Test
    void run_laterScenarioCannotBegin_thoseBeforeAreTold() throws Exception {
        Files.createFile(work.resolve("third"));

        assertThatThrownBy(() -> run(
                        bench(),
                        scenario("first", 0, failing("a")),
                        scenario("second", 0, failing("a")),
                        scenario("third", 0, failing("a"))))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(told).hasSize(2);
        assertThat(told.get(0).results()).extracting(ScenarioResult::name).containsExactly("first");
        assertThat(told.get(1).results()).extracting(ScenarioResult::name).containsExactly("first", "second");
    }

    @Test
    void run_interrupted_endsWithTheRunsUntilThen() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Lane slow = Lane.of("slow", repetition -> {
            if (repetition.number() == 2) {
                second.countDown();
                never.await();
            }
            throw new BenchException("no peer");
        });
        Lane late = Lane.of("late", repetition -> never.await());
        Bench bench = bench();
        Thread runner = new Thread(() -> run(
                bench, scenario("first", 0, slow), scenario("second", 0, failing("a")), scenario("third", 0, late)));
        runner.start();
        second.await();
        bench.close();
        runner.join();

        assertThat(told).hasSize(1);
        ScenarioResult first = told.get(0).results().get(0);
        assertThat(first.name()).isEqualTo("first");
        assertThat(first.lanes()).extracting(LaneResult::name).containsExactly("slow");
        assertThat(first.lane("slow").orElseThrow().runs())
                .extracting(Run::failure)
                .containsExactly(Optional.of("no peer"));
    }

    @Test
    void requireDisk_oneOfSeveralIsTooLarge_isNamed() {
        List<Scenario> scenarios = List.of(scenario("small", 1), scenario("large", 1L << 60), scenario("other", 2));

        assertThatThrownBy(() -> bench().requireDisk(scenarios))
                .isInstanceOf(BenchException.class)
                .hasMessageStartingWith("large: ")
                .hasMessageContaining("choose a smaller --size");
    }
}

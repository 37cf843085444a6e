package io.kafila.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final Path IPFS = Path.of("/bin/sh");
    private static final Lineup LINEUP = new Lineup(
            DaemonCompetitor.kafila(Path.of("kafila"), Optional.empty()),
            List.of(DaemonCompetitor.kuboFlatfs(IPFS), DaemonCompetitor.kuboPebble(IPFS)),
            List.of(Competitor.of("http", (folder, site, options) -> {
                throw new AssertionError("nothing is started");
            })),
            Map.of());

    private static List<Scenario> scenarios(String... names) {
        BenchOptions asked = OptionsMixinTest.parse("--sizes=1GiB");
        return Stream.of(names)
                .flatMap(name ->
                        Objects.requireNonNull(Catalog.entries().get(name)).maker().make(asked, LINEUP).stream())
                .toList();
    }

    @Test
    void withoutPart_eachCompetitor_namesItsScenarios() {
        assertThat(Session.withoutPart(scenarios("transfer", "concurrent", "sources", "sweep"), LINEUP))
                .isEqualTo(Map.of(
                        "kubo-flatfs", List.of("sweep-1GiB"),
                        "kubo-pebble", List.of("sources", "sweep-1GiB"),
                        "http", List.of("concurrent", "sources", "sweep-1GiB")));
    }

    @Test
    void withoutPart_variantsOfALane_takePart() {
        assertThat(Session.withoutPart(scenarios("read", "read-random", "import-offline", "import-nocopy"), LINEUP))
                .containsOnlyKeys("http");
        assertThat(Session.withoutPart(scenarios("transfer"), LINEUP)).isEmpty();
    }
}

package io.kafila.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Content;
import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Fleet;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.peer.PeerOptions;
import io.kafila.benchmarks.peer.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransfersTest {
    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();

    /** One turn of a transfer between two peers that fail at something. */
    private void transfer(String... broken) throws Exception {
        Competitor fake = Competitor.of("fake", (place, site, options) -> new FakePeer(told, broken));
        DaemonCompetitor kafila = DaemonCompetitor.kafila(folder.resolve("kafila"), Optional.empty());
        Scenario scenario = Transfers.oneToOne(
                "transfer",
                "Transfer",
                ContentSpec.file(1 << 20),
                new Setup(PeerOptions.DEFAULT, Optional.empty()),
                new Lineup(kafila, List.of(), List.of(fake), Map.of()),
                Transfers.Pairs.SAME,
                Transfers.Holding.IN_MEMORY);
        Lane lane = scenario.lanes().stream()
                .filter(each -> each.name().equals("fake"))
                .findFirst()
                .orElseThrow();
        Content content = new Content(folder.resolve("content"), 1 << 20, 1, FakePeer.SHA256);
        try (Fleet fleet = new Fleet(folder.resolve("peers"), Topology.LOCAL, PeerOptions.DEFAULT)) {
            lane.run(new Repetition(1, content, fleet, () -> {}));
        }
    }

    @Test
    void transfer_allGoesWell_isCheckedWithoutAConnection() throws Exception {
        transfer();

        assertThat(told).containsExactly("connect", "fetch", "disconnect", "digest", "forget");
    }

    @Test
    void transfer_fetchFails_nothingIsLeftForTheNextLane() {
        assertThatThrownBy(() -> transfer("fetch"))
                .isInstanceOf(BenchException.class)
                .hasMessage("cannot fetch");

        assertThat(told).containsExactly("connect", "fetch", "disconnect", "forget");
    }

    @Test
    void transfer_cleaningFailsToo_firstFailureIsTold() {
        assertThatThrownBy(() -> transfer("fetch", "disconnect", "forget"))
                .hasMessage("cannot fetch")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("cannot disconnect", "cannot forget"));
    }
}

package io.kafila.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.benchmarks.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineupFinderTest {
    private static final Path PROGRAM = Path.of("/bin/sh");

    @TempDir
    private Path folder;

    private static Lineup find(Optional<Path> kubo, Map<String, String> variables, String... wanted) {
        return new LineupFinder(Path.of("kafila"), kubo, Optional.empty(), Optional.empty(), variables)
                .find(List.of(wanted));
    }

    @Test
    void find_namedKubo_goesBeforeTheVariable() {
        Map<String, String> variables = Map.of("KAFILA_KUBO", "/nonexistent");

        assertThat(find(Optional.of(PROGRAM), variables, "kubo").kubo())
                .extracting(DaemonCompetitor::program)
                .containsExactly(PROGRAM, PROGRAM);
        assertThat(find(Optional.empty(), Map.of("KAFILA_KUBO", "/bin/sh"), "kubo-flatfs")
                        .kubo())
                .extracting(DaemonCompetitor::name)
                .containsExactly("kubo-flatfs");
    }

    @Test
    void find_namedKuboIsNoProgram_saysWhatToDo() throws Exception {
        Path plain = Files.createFile(folder.resolve("ipfs"));

        for (Path wrong : List.of(Path.of("/nonexistent/ipfs"), folder, plain)) {
            assertThatThrownBy(() -> find(Optional.of(wrong), Map.of(), "kubo"))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("--kubo: " + wrong + " is no program; name Kubo's ipfs, or build it:"
                            + " (cd interop/kubo && go build -o ipfs .)");
        }
        assertThatThrownBy(() -> find(Optional.empty(), Map.of("KAFILA_KUBO", "/nonexistent"), "kubo-pebble"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("$KAFILA_KUBO: /nonexistent is no program");
    }

    @Test
    void find_kuboIsNotWanted_isNotLookedFor() {
        Lineup lineup = find(Optional.of(Path.of("/nonexistent")), Map.of(), "none");

        assertThat(lineup.kubo()).isEmpty();
        assertThat(lineup.absent()).isEmpty();
    }

    @Test
    void find_noKuboOnThePath_isAbsent() {
        assertThat(find(Optional.empty(), Map.of("PATH", folder.toString()), "kubo")
                        .absent())
                .containsKey("kubo");
    }
}

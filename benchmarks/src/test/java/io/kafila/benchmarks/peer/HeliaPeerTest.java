package io.kafila.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.benchmarks.BenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands for {@code node} is a shell script that notes its process id and then does as the test says. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeliaPeerTest {
    private static final String STARTED = "echo '{\"addresses\":[\"/ip4/127.0.0.1/tcp/4001/p2p/12D3\"]}'\n";
    private static final String HANGS = "exec sleep 600\n";
    private static final Duration SHORT = Duration.ofSeconds(3);

    @TempDir
    private Path folder;

    private HeliaPeer start(String script, Duration timeout) throws Exception {
        Path node = folder.resolve("node_modules/.bin/node");
        Files.createDirectories(node.getParent());
        Files.writeString(node, "#!/bin/sh\necho $$ > '" + folder.resolve("pid") + "'\n" + script);
        assertThat(node.toFile().setExecutable(true)).isTrue();
        PeerOptions options = new PeerOptions("tls", PeerOptions.PROFILE, PeerOptions.DEFAULT.javaOptions(), timeout);
        return new HeliaPeer(folder, folder.resolve("peer"), Site.LOCAL, options);
    }

    private void assertEnded() throws Exception {
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        var process = ProcessHandle.of(pid);
        if (process.isPresent()) {
            process.get().onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void start_noAnswer_failsInTimeAndLeavesNoProcess() throws Exception {
        assertThatThrownBy(() -> start(HANGS, SHORT))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("its start: no answer");
        assertEnded();
    }

    @Test
    void start_answerIsNotUnderstood_leavesNoProcess() throws Exception {
        assertThatThrownBy(() -> start("echo hello\n" + HANGS, Duration.ofMinutes(1)))
                .isInstanceOf(BenchException.class);
        assertEnded();
    }

    @Test
    void start_processEnds_saysWhereItsLogIs() {
        assertThatThrownBy(() -> start("exit 1\n", Duration.ofMinutes(1)))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("helia.log");
    }

    @Test
    void fetch_noAnswer_endsIt() throws Exception {
        HeliaPeer peer = start(STARTED + HANGS, Duration.ofSeconds(5));

        assertThatThrownBy(() -> peer.fetch("bafy")).hasMessageContaining("\"op\":\"get\"", "no answer after 5 s");
        assertEnded();
    }

    @Test
    void fetch_threadIsInterrupted_endsItAndStaysInterrupted() throws Exception {
        HeliaPeer peer = start(STARTED + HANGS, Duration.ofMinutes(1));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> peer.fetch("bafy")).isInstanceOf(BenchException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertEnded();
    }

    @Test
    void hold_answerComes_isItsCid() throws Exception {
        try (HeliaPeer peer =
                start(STARTED + "read request\necho '{\"cid\":\"bafy\"}'\n" + HANGS, Duration.ofMinutes(1))) {
            assertThat(peer.hold(folder)).isEqualTo("bafy");
        }
    }
}

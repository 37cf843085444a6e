package io.kafila.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.node.Version;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class MainTest {
    private static final String LAUNCHER = "kafila.launcher";

    @TempDir
    private Path folder;

    private final PrintStream usualOut = System.out;
    private final PrintStream usualErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void catchOutput() {
        System.setProperty(LAUNCHER, "/bin/false");
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreOutput() {
        System.clearProperty(LAUNCHER);
        System.setOut(usualOut);
        System.setErr(usualErr);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** A run that measures nothing but its scenarios, into the folder of the test unless told otherwise. */
    private int run(String... words) {
        List<String> all =
                new ArrayList<>(List.of("run", "--peers=none", "--no-roofline", "--no-warm-memory", "-n", "1"));
        all.addAll(List.of(words));
        if (all.stream().noneMatch(word -> word.startsWith("--output"))) {
            all.add("--output=" + folder.resolve("out"));
        }
        return Main.execute(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "import-small|--files=0|files: 0, want at least 1",
                "concurrent|--size=32|concurrent: content: 0 bytes in 64 files, want at least one each",
                "transfer|--link=buffers:10GiB|link: buffers:10gib, want 4096 to 2147483647 bytes",
                "transfer|--link=mtu:5|link: mtu:5, want 576 to 60000 bytes",
                "transfer|--java-home=/nonexistent|--java-home: /nonexistent has no bin/java, want the folder of a JDK",
                "transfer|--output=/bin/sh|--output: /bin/sh is a file, want a folder",
                "transfer|--output=/bin/sh/below|--output: /bin/sh is a file, want a folder"
            })
    void run_hasNoMeaning_saysWhyAndAnswersTwo(String scenario, String option, String message) {
        assertThat(run(scenario, option)).isEqualTo(2);
        assertThat(err()).contains(message).doesNotContain("\tat ");
        assertThat(Files.exists(folder.resolve("out"))).isFalse();
    }

    @Test
    void run_nothingCouldBeTried_failsAndSaysSo() {
        assertThat(run("transfer", "--link=loss:0.1%,carrier:proxy")).isEqualTo(1);
        assertThat(out()).contains("not tried: transfer: ").doesNotContain("absent");
        assertThat(folder.resolve("out/results.json")).content().contains("\"notTried\" : {\n    \"transfer\" : ");
    }

    @Test
    void help_namesEveryCommandInWholeSentences() {
        assertThat(Main.execute("--help")).isZero();
        assertThat(out().replaceAll("\\s+", " "))
                .startsWith("Usage: kafila bench [-hV] run | shows | quick | list | roofline | micro | profile | dht ");
        String summaries = out().substring(out().indexOf("Commands:"), out().indexOf("  kafila bench quick"));
        assertThat(summaries.strip().split("\n  (?=\\w)"))
                .hasSize(1 + 8)
                .allMatch(summary ->
                        summary.equals("Commands:") || summary.strip().endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "shows", "quick", "list", "roofline", "micro", "profile", "dht"})
    void everyCommand_hasHelpAndVersion(String command) {
        assertThat(Main.execute(command, "--help")).isZero();
        assertThat(out()).contains("Usage: kafila bench " + command);
        out.reset();
        assertThat(Main.execute(command, "-V")).isZero();
        assertThat(out().strip()).isEqualTo("kafila bench " + Version.current());
    }

    @Test
    void quickHelp_hasItsOwnDefaults() {
        assertThat(Main.execute("quick", "--help")).isZero();
        assertThat(out().replaceAll("\\s+", " "))
                .contains("64MiB for quick.", "Default: 10000; 500 for quick.", "Default: 5; 3 for quick.");
    }

    @Test
    void version_isTold() {
        assertThat(Main.execute("-V")).isZero();
        assertThat(out().strip()).isEqualTo("kafila bench " + Version.current());
    }

    @Test
    void run_noRoom_measuresNothing() {
        assertThat(run("import-small", "transfer", "--size=1024TiB")).isEqualTo(1);
        assertThat(err()).contains("transfer: ", " GiB are free at ").doesNotContain("import-small");
    }
}

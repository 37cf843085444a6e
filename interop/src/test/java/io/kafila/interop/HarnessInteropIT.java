package io.kafila.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark harness beside Kubo: every kind of scenario once with little content. Each checks the digest of what
 * came out; here it is checked that they all did, and that the reports are whole. Speeds are of no interest.
 */
class HarnessInteropIT {
    private static final List<String> BESIDE_KUBO =
            List.of("transfer", "first-tensor", "import", "import-offline", "read-random");
    private static final List<String> ALONE =
            List.of("transfer-small", "many-to-one", "concurrent", "cold", "import-nocopy", "read");

    private static final long DEADLINE_SECONDS = 600;

    @TempDir
    Path folder;

    @Test
    void scenarios_besideKuboAndThePlainTools_areWholeAndReported() throws Exception {
        JsonNode report = run("beside", BESIDE_KUBO, "--peers=kubo-flatfs,http,rsync");

        assertThat(names(report)).containsExactlyElementsOf(BESIDE_KUBO);
        assertThat(lanes(report, "transfer"))
                .contains("kafila", "kubo-flatfs", "kafila>kubo-flatfs", "kubo-flatfs>kafila");
        assertThat(report.at("/versions/kubo-flatfs").asText()).isNotEmpty();
    }

    @Test
    void scenarios_ofKafilaAlone_areWholeAndReported() throws Exception {
        JsonNode report = run("alone", ALONE, "--peers=none");

        assertThat(names(report)).containsExactlyElementsOf(ALONE);
        assertThat(lanes(report, "import-nocopy")).containsExactly("kafila", "hash-alone");
    }

    @Test
    void transfer_overALinkOfTheProxy_isWholeAndReported() throws Exception {
        JsonNode report =
                run("link", List.of("transfer"), "--peers=kubo-flatfs", "--link=rtt:10ms,rate:1gbit,carrier:proxy");

        assertThat(report.at("/scenarios/0/link").asText())
                .startsWith("a proxy")
                .contains("10.0 ms, 1000.0 Mbit/s");
    }

    /** Runs scenarios, checks what holds for every report, and answers it. */
    private JsonNode run(String name, List<String> scenarios, String... options) throws Exception {
        Path output = folder.resolve(name);
        Path root = Path.of("").toAbsolutePath().getParent();
        List<String> words = new ArrayList<>(List.of(root.resolve("kafila").toString(), "bench", "run"));
        words.addAll(scenarios);
        words.addAll(List.of(
                "--size=9MiB",
                "--files=20",
                "--repetitions=1",
                "--no-roofline",
                "--no-warm-up",
                "--no-warm-memory",
                "--timeout=4m",
                "--kubo=" + Foreign.kubo(),
                "--output=" + output));
        words.addAll(List.of(options));
        Path log = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("ended: %s", Files.readString(log))
                    .isTrue();
        } finally {
            process.destroy();
        }
        assertThat(process.exitValue()).as("%s", Files.readString(log)).isZero();
        assertThat(output.resolve("work")).doesNotExist();
        JsonNode report =
                new ObjectMapper().readTree(output.resolve("results.json").toFile());
        requireWhole(report, output);
        return report;
    }

    private static void requireWhole(JsonNode report, Path output) throws IOException {
        assertThat(report.at("/machine/cores").asInt()).isPositive();
        assertThat(report.at("/versions/kafila").asText()).isNotEmpty();
        assertThat(report.at("/options/seed").asText()).isEqualTo("1");
        String page = Files.readString(output.resolve("report.html"));
        assertThat(page).startsWith("<!doctype html>").endsWith("</html>\n");
        for (JsonNode scenario : report.path("scenarios")) {
            assertThat(page).contains(scenario.path("title").asText());
            for (JsonNode lane : scenario.path("lanes")) {
                String what =
                        scenario.path("name").asText() + " " + lane.path("name").asText();
                assertThat(lane.path("runs")).as(what).hasSize(1);
                JsonNode run = lane.path("runs").get(0);
                assertThat(run.has("failure")).as("%s: %s", what, run).isFalse();
                assertThat(run.path("seconds").asDouble()).as(what).isPositive();
                assertThat(run.path("bytes").asLong()).as(what).isPositive();
            }
        }
    }

    private static List<String> names(JsonNode report) {
        List<String> names = new ArrayList<>();
        report.path("scenarios").forEach(each -> names.add(each.path("name").asText()));
        return names;
    }

    private static List<String> lanes(JsonNode report, String name) {
        List<String> lanes = new ArrayList<>();
        for (JsonNode scenario : report.path("scenarios")) {
            if (scenario.path("name").asText().equals(name)) {
                scenario.path("lanes")
                        .forEach(lane -> lanes.add(lane.path("name").asText()));
            }
        }
        return lanes;
    }
}

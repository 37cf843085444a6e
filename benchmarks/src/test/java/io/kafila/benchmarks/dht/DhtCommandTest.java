package io.kafila.benchmarks.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DhtCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return new CommandLine(new DhtCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    @Test
    void twoSizes_tablesOfEachAndOfGrowth_sameSeedSameText() {
        String[] args = {"--nodes=30,60", "--keys=20", "--loss=1%", "--rtt=50ms"};
        assertThat(run(args)).isZero();
        String text = out.toString();
        assertThat(text)
                .contains("30 nodes, seed 1, round trip 50 ms, loss 1.0 %")
                .contains("| calm | lookup | 20 | 100.0 % |")
                .contains("| calm | find | 20 | 100.0 % |")
                .contains("| 60 | 5.9 |");
        assertThat(err.toString()).contains("30 nodes are joining", "of real time");
        out.getBuffer().setLength(0);
        assertThat(run(args)).isZero();
        assertThat(out.toString()).isEqualTo(text);
        out.getBuffer().setLength(0);
        assertThat(run("--nodes=30,60", "--keys=20", "--loss=1%", "--rtt=50ms", "--seed=2"))
                .isZero();
        assertThat(out.toString()).isNotEqualTo(text);
    }

    @Test
    void everythingThatHappens_isAPhase() {
        assertThat(run(
                        "--nodes=40",
                        "--keys=20",
                        "--churn=50%/h",
                        "--for=10m",
                        "--partition=2m",
                        "--sybils=20",
                        "--eclipse=2",
                        "--networks=2"))
                .isZero();
        assertThat(out.toString())
                .contains("| churn | find old |")
                .contains("| parted | find |")
                .contains("| healed | lookup |")
                .contains("| healed +16 min | find |")
                .contains("| flood | lookup |")
                .contains("| eclipse | provide | 10 |");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes=1|simulation: 1 nodes, want 2 to 100000",
                "--loss=x|--loss: x, want a share such as 0.02 or 2%",
                "--loss=100%|simulation: loss of 1.0, want 0 to below 1",
                "--churn=0.5|--churn: 0.5, want a share by hour such as 0.5/h or 50%/h",
                "--rtt=50|--rtt: 50, want a number with ms, s, m or h, such as 50ms",
                "--networks=0|--networks: 0, want 1 to 10000"
            })
    void notUnderstood_saysWhy(String option, String message) {
        assertThat(run(option)).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }
}

package io.kafila.benchmarks.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingsTest {
    private static final String STAT =
            "77 (a (b) c) S 1 77 77 0 -1 4194560 100 200 0 0 1234 56 78 9 20 0 14 0 5 1000 300 18446744073709551615";

    @Test
    void process_nameWithParentheses_fieldsAreCountedFromItsEnd() {
        ProcessReading reading = ProcessReading.parse(
                STAT,
                "Name:\ta\nVmSize:\t   900 kB\nVmRSS:\t   300 kB\nRssAnon:\t   200 kB\n",
                "rchar: 1\nwrite_bytes: 4096\n");

        assertThat(reading).isEqualTo(new ProcessReading(1234, 56, 78, 9, 200 << 10, 300 << 10, 900 << 10, 4096));
    }

    @Test
    void process_endingWithoutMemory_hasNone() {
        assertThat(ProcessReading.parse(STAT, "Name:\ta\n", "").anonBytes()).isZero();
    }

    @Test
    void machine_stealSinceEarlier_isAShareOfAllTime() {
        MachineLoad before = MachineLoad.parse("cpu  10 0 10 70 5 0 0 5 3 0\ncpu0 1\n", "0.50 0 0 1/2 3\n");
        MachineLoad after = MachineLoad.parse("cpu  20 0 20 130 10 0 0 20 9 0\ncpu0 1\n", "1.25 0 0 1/2 3\n");

        assertThat(before.totalTicks()).isEqualTo(100);
        assertThat(after.stealSince(before)).isCloseTo(0.15, within(1e-9));
        assertThat(after.load()).isEqualTo(1.25);
    }

    @Test
    void disk_activity_isWhatIsInFlightAndHowLongSomethingWas() {
        String stat =
                "  277139    17460 347405410   319212   900533   210676 729419280  1485991        3   335544  1891702\n";

        assertThat(DiskRest.Activity.parse(stat)).isEqualTo(new DiskRest.Activity(3, 335_544));
    }

    @Test
    void disk_ofThisFolder_comesToRest(@TempDir Path folder) throws Exception {
        new DiskRest(folder).await();
    }

    @Test
    void meter_workOfThisProcess_isSeen() {
        Meter meter =
                new Meter(Map.of("self", () -> Set.of(ProcessHandle.current().pid())));
        work();

        Usage usage = meter.stop().get("self");

        assertThat(usage.cpuSeconds()).isGreaterThan(0.05);
        assertThat(usage.peakAnonBytes()).isPositive();
    }

    @Test
    void meter_workOfThisProcess_isTheHarnessAndNotItsCommands() throws Exception {
        Meter meter = new Meter(Map.of(Meter.COMMANDS, Meter.commands(Set.of()), Meter.HARNESS, Meter.harness()));
        run("true");
        work();

        Map<String, Usage> sides = meter.stop();

        assertThat(sides.get(Meter.COMMANDS).cpuSeconds()).isLessThan(0.05);
        assertThat(sides.get(Meter.HARNESS).cpuSeconds()).isGreaterThan(0.05);
        assertThat(sides.get(Meter.HARNESS).peakAnonBytes()).isZero();
    }

    @Test
    void meter_commandThatEnded_isCounted() throws Exception {
        Meter meter = new Meter(Map.of(Meter.COMMANDS, Meter.commands(Set.of())));
        run("i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done");

        assertThat(meter.stop().get(Meter.COMMANDS).cpuSeconds()).isGreaterThan(0.05);
    }

    private static void run(String script) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", script).start().waitFor()).isZero();
    }

    /** Keeps a core busy for 200 ms. */
    private static void work() {
        long end = System.nanoTime() + 200_000_000;
        double sum = 0;
        while (System.nanoTime() < end) {
            sum += Math.sin(sum + 1);
        }
        assertThat(sum).isNotNaN();
    }
}

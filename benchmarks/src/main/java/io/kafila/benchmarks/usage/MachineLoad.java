package io.kafila.benchmarks.usage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The CPU time of the whole machine since it started, in ticks, and its load.
 *
 * @param totalTicks of all cores in all states
 * @param stealTicks of them, those that the hypervisor gave to others while something here wanted to run
 * @param load processes that ran or wanted to, averaged over the last minute
 */
public record MachineLoad(long totalTicks, long stealTicks, double load) {
    public static MachineLoad now() {
        try {
            return parse(Files.readString(Path.of("/proc/stat")), Files.readString(Path.of("/proc/loadavg")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MachineLoad parse(String stat, String loadavg) {
        String[] fields = stat.substring(0, stat.indexOf('\n')).strip().split(" +", -1);
        long total = 0;
        // user nice system idle iowait irq softirq steal; guest time after them is part of user time.
        for (int i = 1; i <= 8; i++) {
            total += Long.parseLong(fields[i]);
        }
        return new MachineLoad(total, Long.parseLong(fields[8]), Double.parseDouble(loadavg.split(" ", -1)[0]));
    }

    /** The share of the machine's time that was taken away between an earlier moment and this one. */
    public double stealSince(MachineLoad earlier) {
        long total = totalTicks - earlier.totalTicks;
        return total <= 0 ? 0 : (double) (stealTicks - earlier.stealTicks) / total;
    }
}

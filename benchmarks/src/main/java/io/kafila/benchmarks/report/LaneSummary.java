package io.kafila.benchmarks.report;

import io.kafila.benchmarks.roofline.Roofline.Bound;
import io.kafila.benchmarks.scenario.Run;
import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import io.kafila.benchmarks.scenario.Statistics;
import io.kafila.benchmarks.usage.Usage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The figures of one lane that a table shows.
 *
 * @param rate bytes of content each second
 * @param rates those of all good runs
 * @param ratio its median rate over that of the better of Kubo's lanes that are as wide
 * @param cpu CPU seconds for each GiB, by side; medians
 * @param peaks the most memory of any daemon in any run, by side
 * @param written bytes sent towards the disk for each byte of content, of all sides; a median
 * @param share its median rate over the bound
 * @param figures other figures; medians
 * @param steal the share of the machine's time that the hypervisor took; a median
 * @param load the machine's before the runs; a median
 * @param restarts how many peers were started in its turns in place of ones that had ended, of all runs
 */
public record LaneSummary(
        String name,
        int runs,
        int failures,
        Statistics seconds,
        Statistics rate,
        List<Double> rates,
        Optional<Double> ratio,
        Map<String, Double> cpu,
        Map<String, Peak> peaks,
        double written,
        Optional<Double> share,
        Map<String, Double> figures,
        double steal,
        double load,
        int restarts,
        Optional<String> failure) {
    /**
     * The most memory in bytes.
     *
     * @param anon of its own
     * @param resident with the files that it maps
     */
    record Peak(long anon, long resident) {
        static Peak of(Usage usage) {
            return new Peak(usage.peakAnonBytes(), usage.peakResidentBytes());
        }

        Peak most(Peak other) {
            return new Peak(Math.max(anon, other.anon), Math.max(resident, other.resident));
        }
    }

    static LaneSummary of(ScenarioResult result, LaneResult lane, Optional<Bound> bound) {
        Map<String, Double> cpu = new TreeMap<>();
        Map<String, Peak> peaks = new TreeMap<>();
        Map<String, Double> figures = new TreeMap<>();
        for (Run run : lane.good()) {
            for (Map.Entry<String, Usage> side : run.sides().entrySet()) {
                String name = side.getKey();
                peaks.merge(name, Peak.of(side.getValue()), Peak::most);
                cpu.computeIfAbsent(name, key -> Sides.cpuPerGib(lane, key).median());
            }
            run.figures()
                    .keySet()
                    .forEach(name -> figures.computeIfAbsent(
                            name, key -> lane.figure(key).median()));
        }
        Statistics rate = lane.bytesPerSecond();
        Statistics steal = Statistics.of(lane.good().stream().mapToDouble(Run::stealShare));
        return new LaneSummary(
                lane.name(),
                lane.good().size(),
                lane.runs().size() - lane.good().size(),
                lane.seconds(),
                rate,
                lane.good().stream().map(Run::bytesPerSecond).toList(),
                Kubo.beside(result, lane.name())
                        .filter(kubo -> !rate.isEmpty())
                        .map(kubo -> rate.median() / kubo.bytesPerSecond().median()),
                cpu,
                peaks,
                Sides.written(lane).median(),
                bound.filter(any -> !rate.isEmpty()).map(known -> rate.median() / known.bytesPerSecond()),
                figures,
                steal.isEmpty() ? 0 : steal.median(),
                Statistics.of(lane.good().stream().mapToDouble(Run::load)).median(),
                lane.restarts(),
                lane.failure());
    }
}

package io.kafila.benchmarks.report;

import io.kafila.benchmarks.scenario.ScenarioResult;
import io.kafila.benchmarks.scenario.ScenarioResult.LaneResult;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lane that the others are compared with: Kubo by itself, with the datastore that was faster in the same run. */
public final class Kubo {
    /** How many fetch or serve at once, and what is wrong with one of them, at the end of a lane's name. */
    private static final Pattern WIDTH = Pattern.compile("-x\\d+(\\+\\w+)?$");

    private Kubo() {}

    /** The faster of Kubo's own lanes by median that are as wide as one; nothing where none has a figure. */
    public static Optional<LaneResult> beside(ScenarioResult result, String laneName) {
        return better(result.lanes().stream()
                .filter(lane -> width(lane.name()).equals(width(laneName)))
                .toList());
    }

    private static String width(String laneName) {
        Matcher end = WIDTH.matcher(laneName);
        return end.find() ? end.group() : "";
    }

    /** The faster of Kubo's own lanes by median; nothing where none has a figure. */
    public static Optional<LaneResult> better(ScenarioResult result) {
        return better(result.lanes());
    }

    private static Optional<LaneResult> better(List<LaneResult> lanes) {
        return lanes.stream()
                .filter(lane -> lane.name().startsWith("kubo-") && !lane.name().contains(">"))
                .filter(lane -> !lane.good().isEmpty())
                .max(Comparator.comparingDouble(lane -> lane.bytesPerSecond().median()));
    }
}

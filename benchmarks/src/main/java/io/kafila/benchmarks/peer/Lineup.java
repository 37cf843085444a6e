package io.kafila.benchmarks.peer;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The competitors of a run.
 *
 * @param kafila ours
 * @param kubo Kubo's two datastores; empty where Kubo is absent
 * @param others Helia and the plain tools, as far as they are present
 * @param absent what was asked for and is absent, with how to get it
 */
public record Lineup(
        DaemonCompetitor kafila, List<DaemonCompetitor> kubo, List<Competitor> others, Map<String, String> absent) {
    public Lineup {
        kubo = List.copyOf(kubo);
        others = List.copyOf(others);
        absent = Map.copyOf(absent);
    }

    public Optional<Competitor> other(String name) {
        return others.stream().filter(each -> each.name().equals(name)).findFirst();
    }
}

package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.link.StarPlan;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.PeerOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A comparison: lanes that do the same work by turns.
 *
 * @param name what the command line calls it, with what tells it from others of its kind, such as {@code transfer-noise}
 * @param title one line for people
 * @param workload what one repetition moves
 * @param content what is made for each repetition
 * @param warmUp what is made for the warm-up; nothing for a share of the content
 * @param freshContent whether each repetition has content of its own; work that only reads needs it once
 * @param diskBytes what a repetition takes on disk at most, of all lanes together
 * @param peers options of its peers
 * @param links the emulated links between them; nothing for loopback
 * @param lanes who takes part
 */
public record Scenario(
        String name,
        String title,
        Workload workload,
        ContentSpec content,
        Optional<ContentSpec> warmUp,
        boolean freshContent,
        long diskBytes,
        PeerOptions peers,
        Optional<StarPlan> links,
        List<Lane> lanes) {
    public Scenario {
        lanes = List.copyOf(lanes);
    }

    /** A scenario whose warm-up moves a share of its content. */
    public Scenario(
            String name,
            String title,
            Workload workload,
            ContentSpec content,
            boolean freshContent,
            long diskBytes,
            PeerOptions peers,
            Optional<StarPlan> links,
            List<Lane> lanes) {
        this(name, title, workload, content, Optional.empty(), freshContent, diskBytes, peers, links, lanes);
    }

    /** Whether a competitor has a lane, by itself or with another, of whatever variant. */
    public boolean has(Competitor competitor) {
        return lanes.stream()
                .flatMap(lane -> Stream.of(lane.name().split(">", -1)))
                .anyMatch(side -> side.equals(competitor.name()) || side.startsWith(competitor.name() + "-"));
    }

    /** What the warm-up moves where it moves {@code share} of the content and nothing else is said. */
    ContentSpec warmUp(double share) {
        return warmUp.orElseGet(() -> content.scaled(share));
    }
}

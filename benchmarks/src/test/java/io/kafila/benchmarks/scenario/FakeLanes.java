package io.kafila.benchmarks.scenario;

import io.kafila.benchmarks.content.ContentSpec;
import io.kafila.benchmarks.peer.PeerOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scenarios whose lanes start no process. */
final class FakeLanes {
    private FakeLanes() {}

    static Scenario scenario(Lane... lanes) {
        ContentSpec content = ContentSpec.file(1 << 20);
        Setup setup = new Setup(PeerOptions.DEFAULT, Optional.empty());
        Workload workload = Workload.of(Workload.Kind.TRANSFER, content, setup);
        return new Scenario(
                "fake", "A fake", workload, content, true, 0, setup.peers(), Optional.empty(), List.of(lanes));
    }

    /** A lane that works, and notes its turns. */
    static Lane working(String name, List<String> turns) {
        return Lane.of(name, repetition -> {
            turns.add(repetition.number() + name);
            repetition.timed(Map.of(), () -> name);
            repetition.check(repetition.content().sha256());
        });
    }
}

package io.kafila.benchmarks.profile;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.peer.Command;
import io.kafila.benchmarks.peer.Daemon;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Kafila does while it is profiled. */
enum ProfiledScenario {
    /** A file is added by the command line to a running daemon. */
    IMPORT("import", false) {
        @Override
        void work(ProfileRun run) {
            add(run, "add", "-Q", "--progress=false");
        }
    },
    /** A file is added where it lies. */
    IMPORT_NOCOPY("import-nocopy", false) {
        @Override
        void work(ProfileRun run) {
            add(run, "add", "-Q", "--progress=false", "--nocopy");
        }
    },
    /** A stored file is read through the RPC; what it is read with is not profiled. */
    READ("read", false) {
        @Override
        void work(ProfileRun run) {
            String root = run.held();
            run.sampled(Map.of("daemon", run.first()), () -> run.check(run.first(), root));
        }
    },
    /** A file goes from the store of one daemon to that of another. */
    TRANSFER("transfer", true) {
        @Override
        void work(ProfileRun run) {
            String root = run.held();
            run.second().connect(run.first().address());
            run.sampled(
                    Map.of("source", run.first(), "receiver", run.second()),
                    () -> run.second().fetch(root));
            run.check(run.second(), root);
            run.second().forget(root);
        }
    };

    private final String label;
    private final boolean twoDaemons;

    ProfiledScenario(String label, boolean twoDaemons) {
        this.label = label;
        this.twoDaemons = twoDaemons;
    }

    /** Does one repetition, after which everything is as it was before the first, but for what the first daemon holds. */
    abstract void work(ProfileRun run);

    String label() {
        return label;
    }

    boolean twoDaemons() {
        return twoDaemons;
    }

    /** @throws BenchException if there is none of that name */
    static ProfiledScenario of(String label) {
        List<String> known = new ArrayList<>();
        for (ProfiledScenario scenario : values()) {
            if (scenario.label.equals(label)) {
                return scenario;
            }
            known.add(scenario.label);
        }
        throw new BenchException("profile: no scenario " + label + ", want one of " + known);
    }

    private static void add(ProfileRun run, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(run.content().path().toString());
        Daemon daemon = run.first();
        Command command = daemon.command(all.toArray(String[]::new));
        String root = run.sampled(Map.of("daemon", daemon), command);
        run.check(daemon, root);
        daemon.forget(root);
    }
}

package io.kafila.benchmarks.profile;

import io.kafila.benchmarks.peer.PeerOptions;
import java.nio.file.Path;

/**
 * What is profiled, and how often.
 *
 * @param launcher Kafila's
 * @param work a folder that is made for repositories and content and deleted at the end
 * @param bytes the size of the file of each repetition
 * @param warmUps repetitions before the profiled ones, so that the JIT compiler has done most of its work
 * @param repetitions the profiled ones, whose costs are summed
 * @param peers how the daemons are set up
 */
record ProfileOptions(Path launcher, Path work, long bytes, int warmUps, int repetitions, PeerOptions peers) {
    ProfileOptions {
        if (bytes < 1 || warmUps < 0 || repetitions < 1) {
            throw new IllegalArgumentException("profile: " + warmUps + " warm-ups and " + repetitions
                    + " repetitions of " + bytes + " bytes, want at least one repetition of a byte");
        }
    }
}

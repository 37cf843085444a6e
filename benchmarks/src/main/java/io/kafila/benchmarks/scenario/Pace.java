package io.kafila.benchmarks.scenario;

import java.time.Duration;

/**
 * How often and how long a scenario runs.
 *
 * @param repetitions how many are counted
 * @param leastRepetitions how many are done even where the budget is over
 * @param warmShare the size of the content of the warm-up, as a share of that of the others; 0 for no warm-up
 * @param budget after which no further repetition begins
 * @param stepTimeout how long one turn of a lane may take
 */
public record Pace(int repetitions, int leastRepetitions, double warmShare, Duration budget, Duration stepTimeout) {
    public Pace {
        if (repetitions < 1 || leastRepetitions < 1 || leastRepetitions > repetitions) {
            throw new IllegalArgumentException(
                    "repetitions: " + repetitions + ", at least " + leastRepetitions + ", want 1 or more");
        }
    }
}

package io.kafila.benchmarks.roofline;

import java.time.Duration;

/**
 * How much work each stage is given. Immutable.
 *
 * @param rounds the rounds of which the median counts
 * @param warmUpRounds the least number of rounds before them
 * @param warmUp how long the rounds before them last at least, unless they are many
 * @param memoryBytes what one round moves in a stage that does not touch the disk
 * @param diskBytes what one round moves in one that does, and how large its files are
 */
public record StageMeasurementOptions(int rounds, int warmUpRounds, Duration warmUp, long memoryBytes, long diskBytes) {
    /** Five rounds of a fifth of a second and more; about half a minute in all on a disk of 1 GB/s. */
    public static final StageMeasurementOptions DEFAULT =
            new StageMeasurementOptions(5, 2, Duration.ofMillis(500), 256L << 20, 512L << 20);

    /** A first look, in a quarter of the time and with that much more noise. */
    public static final StageMeasurementOptions QUICK =
            new StageMeasurementOptions(3, 1, Duration.ofMillis(200), 64L << 20, 128L << 20);

    public StageMeasurementOptions {
        if (rounds < 1 || warmUpRounds < 0 || memoryBytes < 1 || diskBytes < 1 || diskBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("roofline: " + rounds + " rounds of " + memoryBytes + " and " + diskBytes
                    + " bytes, want at least 1 of each and at most 2 GiB on the disk");
        }
    }
}

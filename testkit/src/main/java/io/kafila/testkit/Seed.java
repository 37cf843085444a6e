package io.kafila.testkit;

import java.util.Random;
import java.util.function.Consumer;

/**
 * The seed of a test with random input. A failure names the seed; {@code -Dkafila.seed=N} replays it.
 *
 * @param value what the random generators of one run start from
 */
public record Seed(long value) {

    /** A test body that draws all its randomness from {@code random}. */
    @FunctionalInterface
    public interface Body {
        void run(Random random) throws Exception;
    }

    /**
     * Runs {@code body} once for each of {@code runs} seeds, 0, 1, 2 ..., or only for {@code -Dkafila.seed}.
     *
     * @throws AssertionError naming the seed, with the cause, at the first run that fails
     */
    public static void forAll(int runs, Body body) {
        Long only = Long.getLong("kafila.seed");
        if (only != null) {
            new Seed(only).run(body);
            return;
        }
        for (long seed = 0; seed < runs; seed++) {
            new Seed(seed).run(body);
        }
    }

    public Random random() {
        return new Random(value * 0x9E3779B97F4A7C15L + 1);
    }

    /** Random bytes that depend on the seed alone. */
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random().nextBytes(bytes);
        return bytes;
    }

    /** Passes the generator to {@code body}; a failure is rethrown with the seed in its message. */
    public void run(Body body) {
        try {
            body.run(random());
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + value + " (replay with -Dkafila.seed=" + value + "): " + e, e);
        }
    }

    /** {@link #forAll} for a body that throws nothing checked. */
    public static void each(int runs, Consumer<Random> body) {
        forAll(runs, body::accept);
    }
}

package io.kafila.benchmarks.roofline;

/**
 * One round of one stage.
 *
 * @param bytes how many bytes passed
 * @param wallNanos how long that took
 * @param cpuNanos how much CPU time, user and system, the threads took that worked on it
 */
record Sample(long bytes, long wallNanos, long cpuNanos) {
    Sample {
        if (bytes <= 0 || wallNanos <= 0 || cpuNanos < 0) {
            throw new IllegalArgumentException("sample: " + bytes + " bytes in " + wallNanos + " ns with " + cpuNanos
                    + " ns of CPU, want positive numbers");
        }
    }
}

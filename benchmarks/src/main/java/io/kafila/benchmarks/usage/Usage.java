package io.kafila.benchmarks.usage;

/**
 * What the processes of one side cost over a section of work.
 *
 * @param userSeconds CPU time in user mode
 * @param systemSeconds CPU time in the kernel
 * @param peakAnonBytes the most anonymous memory that was seen resident ({@code RssAnon}), by sampling
 * @param peakResidentBytes the most memory that was seen resident, by sampling
 * @param writtenBytes what was sent towards the disk ({@code write_bytes})
 */
public record Usage(
        double userSeconds, double systemSeconds, long peakAnonBytes, long peakResidentBytes, long writtenBytes) {
    public double cpuSeconds() {
        return userSeconds + systemSeconds;
    }
}

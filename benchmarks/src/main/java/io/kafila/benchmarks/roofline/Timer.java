package io.kafila.benchmarks.roofline;

/** Takes the time and the CPU time of the calling thread, in one or several sections. Confined to that thread. */
final class Timer {
    private long wallNanos;
    private long cpuNanos;
    private long wallStart;
    private long cpuStart;

    void start() {
        wallStart = System.nanoTime();
        cpuStart = CpuClock.threadNanos();
    }

    void stop() {
        cpuNanos += CpuClock.threadNanos() - cpuStart;
        wallNanos += System.nanoTime() - wallStart;
    }

    Sample sample(long bytes) {
        return new Sample(bytes, wallNanos, cpuNanos);
    }
}

package io.kafila.benchmarks.roofline;

import java.lang.management.ManagementFactory;

/** CPU time, user and system, as the JVM tells it. */
final class CpuClock {
    private CpuClock() {}

    /** Of the calling thread. */
    static long threadNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Of all threads of this process, those of the JVM included. */
    static long processNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}

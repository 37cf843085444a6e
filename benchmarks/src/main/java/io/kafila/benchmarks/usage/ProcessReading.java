package io.kafila.benchmarks.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc} says of one process at one moment.
 *
 * @param userTicks CPU time in user mode, in ticks of 10 ms
 * @param systemTicks CPU time in the kernel, in the same
 * @param endedChildUserTicks CPU time in user mode of its children that have ended and were waited for, and of theirs
 * @param endedChildSystemTicks CPU time in the kernel of the same
 * @param anonBytes anonymous memory that is resident
 * @param residentBytes all memory that is resident
 * @param virtualBytes all memory that is mapped
 * @param writtenBytes what it, and children that have ended, sent towards the disk
 */
public record ProcessReading(
        long userTicks,
        long systemTicks,
        long endedChildUserTicks,
        long endedChildSystemTicks,
        long anonBytes,
        long residentBytes,
        long virtualBytes,
        long writtenBytes) {
    /** {@code USER_HZ}, which is 100 on every Linux that a JVM runs on. */
    static final double TICKS_PER_SECOND = 100;

    private static final Path PROC = Path.of("/proc");

    /** Reads a process; nothing where it has ended. */
    public static Optional<ProcessReading> of(long pid) {
        Path folder = PROC.resolve(Long.toString(pid));
        try {
            return Optional.of(parse(
                    Files.readString(folder.resolve("stat")),
                    Files.readString(folder.resolve("status")),
                    Files.readString(folder.resolve("io"))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static ProcessReading parse(String stat, String status, String io) {
        // The name in parentheses may hold spaces and parentheses itself; the fields are counted from its end.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
        return new ProcessReading(
                Long.parseLong(fields[11]),
                Long.parseLong(fields[12]),
                Long.parseLong(fields[13]),
                Long.parseLong(fields[14]),
                number(status, "RssAnon:") << 10,
                number(status, "VmRSS:") << 10,
                number(status, "VmSize:") << 10,
                number(io, "write_bytes:"));
    }

    /** The number after a label at the start of a line; 0 where there is none, as for a process that is ending. */
    static long number(String text, String label) {
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(label)) {
                return Long.parseLong(line.substring(label.length()).strip().split(" ", -1)[0]);
            }
        }
        return 0;
    }
}

package io.kafila.benchmarks.usage;

import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Lets a disk come to rest: what others have written or deleted goes to it, and it has nothing left to do. File systems that are mounted
 * with {@code discard} tell the disk of deleted files in the background, for seconds where they were large, and whoever
 * writes meanwhile pays for it. Confined to one thread.
 */
public final class DiskRest {
    private static final long LOOK_MILLIS = 100;
    /** Of {@link #LOOK_MILLIS}, what a disk that rests may be busy with the journals of others. */
    private static final long RESTING_MILLIS = 10;

    private static final int RESTS_WANTED = 2;
    private static final int MAX_LOOKS = 100;

    private final Optional<Path> statistics;

    /** @param folder on the disk that is meant; of one without statistics only the writes are waited for */
    public DiskRest(Path folder) {
        this.statistics = statistics(folder).filter(Files::isReadable);
    }

    private static Optional<Path> statistics(Path folder) {
        try {
            long device = (Long) Files.getAttribute(folder, "unix:dev");
            // The numbers of a device as Linux packs them.
            long major = (device >> 8) & 0xfff;
            long minor = (device & 0xff) | ((device >> 12) & 0xfff00);
            return Optional.of(Path.of("/sys/dev/block/" + major + ":" + minor + "/stat"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits, for ten seconds at most. */
    public void await() throws InterruptedException {
        sync();
        if (statistics.isEmpty()) {
            return;
        }
        int rests = 0;
        Activity before = read(statistics.get());
        for (int look = 0; look < MAX_LOOKS && rests < RESTS_WANTED; look++) {
            Thread.sleep(LOOK_MILLIS);
            Activity now = read(statistics.get());
            rests = now.inFlight() == 0 && now.busyMillis() - before.busyMillis() <= RESTING_MILLIS ? rests + 1 : 0;
            before = now;
        }
    }

    private static void sync() throws InterruptedException {
        try {
            Process sync = new ProcessBuilder("sync").inheritIO().start();
            if (!sync.waitFor(1, TimeUnit.MINUTES) || sync.exitValue() != 0) {
                sync.destroy();
                throw new BenchException("sync did not end in a minute, or failed; is the disk in order?");
            }
        } catch (IOException e) {
            throw new BenchException("sync: " + e.getMessage(), e);
        }
    }

    private static Activity read(Path statistics) {
        try {
            return Activity.parse(Files.readString(statistics));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a disk does, as Documentation/block/stat.rst of Linux has it.
     *
     * @param inFlight requests that were given to it and not answered
     * @param busyMillis for how long it has had any
     */
    record Activity(long inFlight, long busyMillis) {
        static Activity parse(String stat) {
            String[] fields = stat.strip().split(" +", -1);
            return new Activity(Long.parseLong(fields[8]), Long.parseLong(fields[9]));
        }
    }
}

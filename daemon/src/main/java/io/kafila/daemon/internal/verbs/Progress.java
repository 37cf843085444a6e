package io.kafila.daemon.internal.verbs;

import io.kafila.daemon.internal.command.Console;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** A line on standard error that tells how far a transfer is; drawn at most ten times a second. One thread. */
final class Progress {
    private static final long INTERVAL_NANOS = 100_000_000L;
    private static final String CLEAR = "\r\u001b[2K";
    private static final int BAR = 20;

    private final Console console;
    private final OptionalLong total;
    private final LongSupplier nanoTime;
    private final long startedNanos;
    private long drawnNanos;
    private boolean visible;

    Progress(Console console, OptionalLong total, LongSupplier nanoTime) {
        this.console = console;
        this.total = total;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
        this.drawnNanos = startedNanos - INTERVAL_NANOS;
    }

    /** Says how many bytes there are by now. */
    void at(long bytes) {
        long now = nanoTime.getAsLong();
        if (now - drawnNanos < INTERVAL_NANOS) {
            return;
        }
        drawnNanos = now;
        visible = true;
        double seconds = Math.max(1e-3, (now - startedNanos) / 1e9);
        String rate = Human.binary((long) (bytes / seconds)) + "/s";
        StringBuilder line = new StringBuilder(CLEAR).append(Human.binary(bytes));
        if (total.isPresent() && total.getAsLong() > 0) {
            double part = Math.min(1.0, (double) bytes / total.getAsLong());
            int filled = (int) (part * BAR);
            line.append(" / ").append(Human.binary(total.getAsLong()));
            line.append(" [")
                    .append("=".repeat(filled))
                    .append("-".repeat(BAR - filled))
                    .append("] ");
            line.append((int) (part * 100)).append('%');
        }
        console.err().print(line.append("  ").append(rate));
        console.err().flush();
    }

    /** Takes the line away, so that other output can be printed. */
    void clear() {
        if (visible) {
            console.err().print(CLEAR);
            console.err().flush();
            visible = false;
            drawnNanos -= INTERVAL_NANOS;
        }
    }
}

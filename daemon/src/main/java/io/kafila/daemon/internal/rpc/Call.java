package io.kafila.daemon.internal.rpc;

import io.kafila.daemon.internal.command.CommandException;
import org.jspecify.annotations.Nullable;

/** One run of a command in a thread of the pool, which others may cancel. Guarded by itself. */
final class Call {
    private final Pace pace;
    private final Runnable breakOff;
    private @Nullable Thread thread;
    private @Nullable String canceled;
    private boolean slow;
    private boolean done;

    /** @param breakOff closes the connection; needed where the command has run and its answer is not taken */
    Call(Pace pace, Runnable breakOff) {
        this.pace = pace;
        this.breakOff = breakOff;
    }

    /** How fast the client is. */
    Pace pace() {
        return pace;
    }

    /** Called by the thread that runs the command, before it. */
    synchronized void begin() {
        thread = Thread.currentThread();
        if (canceled != null) {
            thread.interrupt();
        }
    }

    /** Called by the thread that runs the command, after it: later cancels miss, and the interrupt does not leak out. */
    synchronized void end() {
        done = true;
        thread = null;
        Thread.interrupted();
    }

    /** Interrupts the command; the reason is the error that the client reads, if it still listens. */
    synchronized void cancel(String reason) {
        if (done || canceled != null) {
            return;
        }
        canceled = reason;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Cancels the command since others need its place, which its client holds without use. */
    void giveWay(String reason) {
        boolean over;
        synchronized (this) {
            slow = true;
            over = done;
        }
        if (over) {
            breakOff.run();
        } else {
            cancel(reason);
        }
    }

    /** Whether it was told to give way. */
    synchronized boolean isSlow() {
        return slow;
    }

    synchronized boolean isCanceled() {
        return canceled != null;
    }

    /** A failure as the client reads it: one that a cancel caused by the reason of the cancel. */
    synchronized CommandException explain(Throwable failure) {
        return canceled == null ? CommandException.of(failure) : new CommandException(canceled, failure);
    }
}

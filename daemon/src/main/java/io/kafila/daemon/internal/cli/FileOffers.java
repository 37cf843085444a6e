package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.local.FileOffer;
import io.kafila.daemon.internal.local.MachineSecret;
import io.kafila.dag.unixfs.ImportEntry;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The files of one upload that the daemon is asked to read itself: one at a time, each answered before the next is offered. The
 * thread that sends asks and waits, the one that receives brings the answers. Guarded by itself.
 *
 * <p>A daemon that does not answer the first offer soon gets the bytes, of that file and of all after it. An answer that comes
 * late does no harm: whoever has opened a file passes over the bytes that are sent all the same.
 */
final class FileOffers {
    /** How long the first answer may take, in milliseconds. */
    static final long PATIENCE_MS = 10_000;

    private final @Nullable MachineSecret secret;
    private final long patienceMs;
    private final Deque<Boolean> answers = new ArrayDeque<>();
    private boolean answered;
    private boolean hopeless;
    private boolean ended;

    /** Without a secret nothing is offered. */
    FileOffers(Optional<MachineSecret> secret) {
        this(secret, PATIENCE_MS);
    }

    FileOffers(Optional<MachineSecret> secret, long patienceMs) {
        this.secret = secret.orElse(null);
        this.patienceMs = patienceMs;
    }

    /** What to say of a file in place of its bytes; empty where the bytes are to be sent. */
    Optional<String> offer(ImportEntry.File file) {
        MachineSecret known = secret;
        synchronized (this) {
            if (known == null || hopeless || ended) {
                return Optional.empty();
            }
        }
        boolean large = file.sizeHint().orElse(0) >= FileOffer.LEAST_BYTES;
        return large
                ? file.location()
                        .filter(location -> location.offset() == 0)
                        .flatMap(location -> FileOffer.of(location.file(), known))
                : Optional.empty();
    }

    /** Waits for the answer to the offer that was just sent; whether the daemon reads the file. */
    synchronized boolean isTaken() throws InterruptedIOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        try {
            while (answers.isEmpty() && !ended) {
                if (answered) {
                    wait();
                    continue;
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    hopeless = true;
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the daemon");
        }
        return Boolean.TRUE.equals(answers.poll());
    }

    synchronized void answer(boolean taken) {
        answered = true;
        answers.add(taken);
        notifyAll();
    }

    /** There will be no more answers. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }
}

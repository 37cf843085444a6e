package io.kafila.daemon.internal.rpc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that hold one of a bounded number of places. Where all are taken, the call whose client is slowest, if it is
 * slower than patience allows, gives way to the next: it is told, and the next starts once it has left. So slow clients keep
 * their commands as long as there is room, and never keep others out. Thread-safe.
 */
final class Places {
    private final int places;
    private final long patienceNanos;
    private final Consumer<Call> onGivesWay;
    private final Set<Call> taken = new HashSet<>();
    /** The calls that have been told to leave; each makes room for one of those that wait. */
    private final Set<Call> leaving = new HashSet<>();

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(Call call, Runnable start) {}

    /** @param onGivesWay tells a call to leave; it may leave within */
    Places(int places, long patienceNanos, Consumer<Call> onGivesWay) {
        this.places = places;
        this.patienceNanos = patienceNanos;
        this.onGivesWay = onGivesWay;
    }

    /** Runs {@code start} when there is a place, mostly at once; {@code false} if there is none to be had. */
    boolean enter(Call call, Runnable start) {
        Call slow;
        synchronized (this) {
            if (taken.size() < places) {
                taken.add(call);
                slow = null;
            } else {
                slow = slowest();
                if (slow == null) {
                    return false;
                }
                leaving.add(slow);
                waiting.add(new Waiting(call, start));
            }
        }
        if (slow == null) {
            start.run();
        } else {
            onGivesWay.accept(slow);
        }
        return true;
    }

    private @Nullable Call slowest() {
        Call slowest = null;
        long longest = patienceNanos;
        for (Call call : taken) {
            long nanos = call.pace().slowNanos();
            if (nanos >= longest && !leaving.contains(call)) {
                slowest = call;
                longest = nanos;
            }
        }
        return slowest;
    }

    /** The call needs its place no more. Idempotent. */
    void leave(Call call) {
        Waiting next;
        synchronized (this) {
            if (!taken.remove(call)) {
                return;
            }
            leaving.remove(call);
            next = waiting.poll();
            if (next != null) {
                taken.add(next.call);
            }
        }
        if (next != null) {
            next.start.run();
        }
    }

    synchronized int takenCount() {
        return taken.size();
    }
}

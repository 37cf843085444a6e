package io.kafila.node.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Steps that end in any order and whose consequences run in the order in which the steps began. Thread-safe; consequences
 * run one after the other in threads that end steps, and must not throw.
 */
final class InOrder {
    private final Queue<Turn> turns = new ArrayDeque<>();
    private boolean running;

    /** One step. */
    final class Turn {
        private @Nullable Runnable consequence;

        private Turn() {}

        /** The step has ended; to be called once. */
        void end(Runnable consequence) {
            synchronized (turns) {
                this.consequence = consequence;
                if (running) {
                    return;
                }
                running = true;
            }
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
        }
    }

    Turn begin() {
        Turn turn = new Turn();
        synchronized (turns) {
            turns.add(turn);
        }
        return turn;
    }

    private @Nullable Runnable next() {
        synchronized (turns) {
            Turn first = turns.peek();
            if (first == null || first.consequence == null) {
                running = false;
                return null;
            }
            turns.remove();
            return first.consequence;
        }
    }
}

package io.kafila.daemon.internal.verbs;

import io.kafila.blockstore.Cursor;
import io.kafila.daemon.internal.command.Request;
import java.util.List;

/** Reads cursors in the thread of a command. */
final class Pulls {
    private static final int BATCH = 64;

    private Pulls() {}

    /** What is done with a value. */
    @FunctionalInterface
    interface Action<T> {
        void accept(T value) throws Exception;
    }

    /** Takes every value and closes the cursor; closes each value that can be closed after its turn. */
    static <T> void forEach(Cursor<T> cursor, Action<? super T> action) throws Exception {
        forEachBatch(cursor, BATCH, values -> {
            int taken = 0;
            try {
                while (taken < values.size()) {
                    T value = values.get(taken++);
                    try {
                        action.accept(value);
                    } finally {
                        close(value);
                    }
                }
            } finally {
                for (T rest : values.subList(taken, values.size())) {
                    close(rest);
                }
            }
        });
    }

    private static void close(Object value) throws Exception {
        if (value instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** Takes the values in groups and closes the cursor. Values are the action's to close. */
    static <T> void forEachBatch(Cursor<T> cursor, int size, Action<List<T>> action) throws Exception {
        try (cursor) {
            List<T> values = Request.await(cursor.next(size));
            while (!values.isEmpty()) {
                action.accept(values);
                values = Request.await(cursor.next(size));
            }
        }
    }
}

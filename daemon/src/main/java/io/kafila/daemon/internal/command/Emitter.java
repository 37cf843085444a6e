package io.kafila.daemon.internal.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.util.List;

/**
 * Where a command's output goes. Each call blocks while the receiver is slow, and fails with a {@link CommandException}
 * once it is gone. Confined to the thread that runs the command, unless a command guards its calls by a lock.
 */
public interface Emitter {

    /** Announces how many bytes or entries will come; before the first output. */
    void length(long length);

    /** Names the type of a byte stream where it is not the usual one; before the first output. */
    void contentType(String type);

    /** One value of a stream of values. */
    void emit(JsonNode value);

    /** Some values of a stream of values, in order; many small ones cost little so. */
    default void emitAll(List<JsonNode> values) {
        values.forEach(this::emit);
    }

    /** The only value. */
    void emitOnce(JsonNode value);

    /** A stream of bytes instead of values; called at most once. The caller closes it. */
    OutputStream bytes();
}

package io.kafila.daemon.internal.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Turns what one run of a command emits into what a person reads. */
@FunctionalInterface
public interface TextFormat {

    /** One emitted value. */
    void value(JsonNode value, Console console);

    /** Where a stream of bytes goes; called at most once. The caller closes it. */
    default OutputStream bytes(OptionalLong length, Console console) {
        return console.rawOut();
    }

    /** After the last value of a run that did not fail. */
    default void end(Console console) {}

    /** A run that failed, before its error is printed: what was drawn on the terminal is cleared. */
    default void failed(Console console) {}

    /** A stateless way to print a value. */
    @FunctionalInterface
    interface Line {
        void print(Request request, JsonNode value, Console console);
    }
}

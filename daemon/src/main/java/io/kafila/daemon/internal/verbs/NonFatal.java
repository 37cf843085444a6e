package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.TextFormat;
import java.util.function.Function;

/**
 * Prints values of which some tell of failures: these go to standard error, and the command fails at its end.
 */
final class NonFatal implements TextFormat {
    private final Function<JsonNode, String> failure;
    private final Function<JsonNode, String> text;
    private boolean failed;

    /**
     * @param failure the message of a value that tells of one, else empty
     * @param text what the others read as, with line ends
     */
    NonFatal(Function<JsonNode, String> failure, Function<JsonNode, String> text) {
        this.failure = failure;
        this.text = text;
    }

    @Override
    public void value(JsonNode value, Console console) {
        String message = failure.apply(value);
        if (message.isEmpty()) {
            console.print(text.apply(value));
        } else {
            failed = true;
            console.err().println(message);
        }
    }

    @Override
    public void end(Console console) {
        if (failed) {
            throw new CommandException("errors while displaying some entries");
        }
    }
}

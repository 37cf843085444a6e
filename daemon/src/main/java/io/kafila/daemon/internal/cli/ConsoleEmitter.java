package io.kafila.daemon.internal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.CommandException;
import io.kafila.daemon.internal.command.Console;
import io.kafila.daemon.internal.command.Emitter;
import io.kafila.daemon.internal.command.Encoding;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.command.Request;
import io.kafila.daemon.internal.command.TextFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Prints a command's output: by its text format, or as lines of JSON. Confined to the main thread. */
final class ConsoleEmitter implements Emitter {
    private final Console console;
    private final @Nullable TextFormat format;
    private OptionalLong length = OptionalLong.empty();

    ConsoleEmitter(Request request, Console console) {
        this.console = console;
        boolean text = request.encoding() == Encoding.TEXT || request.command().terminalOnly();
        this.format = text ? request.command().terminal(request).orElse(null) : null;
    }

    @Override
    public void length(long value) {
        length = OptionalLong.of(value);
    }

    @Override
    public void contentType(String type) {
        // Only HTTP has a place for it.
    }

    @Override
    public void emit(JsonNode value) {
        if (format == null) {
            console.println(Json.write(value));
        } else {
            format.value(value, console);
        }
        flush();
    }

    @Override
    public void emitOnce(JsonNode value) {
        emit(value);
    }

    @Override
    public OutputStream bytes() {
        return format == null ? console.rawOut() : format.bytes(length, console);
    }

    /** After a command that has done its work. */
    void end() {
        if (format != null) {
            format.end(console);
        }
        flush();
    }

    /** Before the error of a command that failed. */
    void failed() {
        if (format != null) {
            format.failed(console);
        }
        flush();
    }

    private void flush() {
        try {
            console.rawOut().flush();
        } catch (IOException e) {
            throw new CommandException("cannot write to standard output: " + e.getMessage(), e);
        }
    }
}

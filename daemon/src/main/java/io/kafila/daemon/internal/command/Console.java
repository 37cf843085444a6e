package io.kafila.daemon.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where text goes: standard output and error, and what is known of the terminal behind them. Confined to one thread.
 *
 * @param inTerminal whether a person types what is read
 * @param errorTerminal whether standard error is a terminal, so that progress can be drawn there
 * @param columns the width of the terminal
 */
public record Console(
        InputStream in, boolean inTerminal, OutputStream rawOut, PrintStream err, boolean errorTerminal, int columns) {
    /** A console that writes text to a stream and drops errors, for {@code --enc=text} over RPC. */
    public static Console of(OutputStream out) {
        return new Console(
                InputStream.nullInputStream(),
                false,
                out,
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                false,
                80);
    }

    /** Writes text to standard output as it is. */
    public void print(String text) {
        try {
            rawOut.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new CommandException("cannot write to standard output: " + e.getMessage(), e);
        }
    }

    /** Writes a line to standard output. */
    public void println(String line) {
        print(line + "\n");
    }
}

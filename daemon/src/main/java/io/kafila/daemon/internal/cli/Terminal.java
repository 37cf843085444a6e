package io.kafila.daemon.internal.cli;

import io.kafila.daemon.internal.command.Console;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The standard streams of the process. */
public final class Terminal {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int COLUMNS = 80;

    private Terminal() {}

    /** The console of the process, with what is known of the terminal behind each stream. */
    public static Console console(Map<String, String> variables) {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Console(
                System.in,
                isTerminal(0),
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                err,
                isTerminal(2),
                columns(variables.getOrDefault("COLUMNS", "")));
    }

    private static int columns(String text) {
        boolean number =
                text.length() >= 2 && text.length() <= 4 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(text) : COLUMNS;
    }

    /** Whether a file descriptor is a terminal. The JDK tells only of all three together, and from 22 on otherwise. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
        } catch (IOException e) {
            return false;
        }
        // Where there is no /proc nothing is told of a single stream: then no progress is drawn.
        return false;
    }
}

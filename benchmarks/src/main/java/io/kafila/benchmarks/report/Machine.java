package io.kafila.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine of a run.
 *
 * @param cpu the processor's model
 * @param cores how many the harness may use
 * @param memoryBytes all of it
 * @param filesystem the type of that below the work folder
 */
public record Machine(String cpu, int cores, long memoryBytes, String kernel, String filesystem) {
    public static Machine here(Path work) {
        try {
            String info = Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8);
            String memory = Files.readString(Path.of("/proc/meminfo"), StandardCharsets.UTF_8);
            return new Machine(
                    value(info, "model name"),
                    Runtime.getRuntime().availableProcessors(),
                    Long.parseLong(value(memory, "MemTotal").split(" ", -1)[0]) << 10,
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    Files.getFileStore(work).type());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of the first line with a label and a colon. */
    static String value(String text, String label) {
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(label)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "unknown";
    }
}

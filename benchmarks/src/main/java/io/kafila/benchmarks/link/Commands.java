package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the machine's tools for networks, one at a time, and says what they said where they fail. */
final class Commands {
    private static final long DEADLINE_SECONDS = 20;

    private Commands() {}

    /** Runs a command given as words without spaces in them; answers its output. */
    static String run(String line) {
        return run(List.of(line.split(" ", -1)));
    }

    static String run(List<String> words) {
        Outcome outcome = outcome(words);
        if (outcome.code != 0) {
            throw new BenchException(String.join(" ", words) + ": exit code " + outcome.code + ": " + outcome.output);
        }
        return outcome.output;
    }

    /** Whether a command is there and succeeds. */
    static boolean succeeds(String line) {
        return outcome(List.of(line.split(" ", -1))).code == 0;
    }

    private record Outcome(int code, String output) {}

    private static Outcome outcome(List<String> words) {
        Path output = null;
        Process process = null;
        try {
            output = Files.createTempFile("kafila-link", ".out");
            process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchException(String.join(" ", words) + ": not done after " + DEADLINE_SECONDS + " s");
            }
            return new Outcome(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return new Outcome(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(String.join(" ", words) + ": interrupted", e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            if (output != null) {
                delete(output);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new BenchException(file + " not deleted", e);
        }
    }
}

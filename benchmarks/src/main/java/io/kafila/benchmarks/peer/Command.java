package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program with its arguments that runs to its end.
 *
 * @param words the program and its arguments
 * @param environment variables to set on top of those of this process; an empty value removes one
 * @param timeout how long it may take
 */
public record Command(List<String> words, Map<String, String> environment, Duration timeout) {
    private static final int SHOWN_CHARACTERS = 2000;

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /** Runs it and answers what it printed, without the line's end. */
    public String run() {
        Path out = temporary();
        try {
            run(ProcessBuilder.Redirect.to(out.toFile()));
            return Files.readString(out, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(out);
        }
    }

    /** Runs it and throws away what it prints. */
    public void runQuietly() {
        run(ProcessBuilder.Redirect.DISCARD);
    }

    private void run(ProcessBuilder.Redirect out) {
        Path errors = temporary();
        try {
            ProcessBuilder builder = builder(words, environment)
                    .redirectOutput(out)
                    .redirectError(errors.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            Process process = builder.start();
            try {
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new BenchException(this + ": still running after " + timeout.toSeconds() + " s");
                }
                if (process.exitValue() != 0) {
                    throw new BenchException(this + ": exit code " + process.exitValue() + ": " + tail(errors));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException(this + ": interrupted", e);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new BenchException(this + ": " + e.getMessage(), e);
        } finally {
            delete(errors);
        }
    }

    static ProcessBuilder builder(List<String> words, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(words);
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return builder;
    }

    static String tail(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        return text.length() <= SHOWN_CHARACTERS ? text : "..." + text.substring(text.length() - SHOWN_CHARACTERS);
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("kafila-bench", ".out");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}

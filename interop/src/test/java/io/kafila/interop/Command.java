package io.kafila.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that runs to its end: {@code Command.of("ipfs", "id").env("IPFS_PATH", repo).run().lines()}. */
final class Command {
    private final List<String> words;
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = new byte[0];
    private Duration timeout = Duration.ofMinutes(4);

    private Command(List<String> words) {
        this.words = words;
    }

    static Command of(List<String> words) {
        return new Command(List.copyOf(words));
    }

    static Command of(String... words) {
        return new Command(List.of(words));
    }

    Command and(String... more) {
        Command longer =
                new Command(Stream.concat(words.stream(), Arrays.stream(more)).toList());
        longer.environment.putAll(environment);
        longer.input = input;
        longer.timeout = timeout;
        return longer;
    }

    List<String> words() {
        return words;
    }

    Command env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Command input(byte[] bytes) {
        this.input = bytes;
        return this;
    }

    Command timeout(Duration value) {
        this.timeout = value;
        return this;
    }

    /** What a program left behind. */
    record Result(List<String> words, int exit, byte[] out, String err) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }

        String line() {
            return text().strip();
        }

        List<String> lines() {
            return text().lines().toList();
        }

        Result ok() {
            if (exit != 0) {
                throw new AssertionError(String.join(" ", words) + " exited " + exit + "\nstdout: " + abridged(text())
                        + "\nstderr: " + abridged(err));
            }
            return this;
        }

        private static String abridged(String text) {
            return text.length() <= 4000 ? text : text.substring(0, 4000) + " ...";
        }
    }

    /** Runs and answers, whatever the exit code; the output is gathered through files, so no pipe can fill up. */
    Result run() {
        try {
            Path out = Files.createTempFile("kafila-out", "");
            Path err = Files.createTempFile("kafila-err", "");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                try (var stdin = process.getOutputStream()) {
                    stdin.write(input);
                } catch (IOException e) {
                    // The program may end without reading its input; its exit code says whether that is an error.
                    process.waitFor();
                }
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(String.join(" ", words) + " did not end within " + timeout + "\nstderr: "
                            + Files.readString(err));
                }
                return new Result(words, process.exitValue(), Files.readAllBytes(out), Files.readString(err));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}

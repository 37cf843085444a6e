package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program that runs until it is told to end, with its output in a file. Closing it ends it, by force after a while. */
public final class Service implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final int POLL_MS = 20;

    private final String name;
    private final Process process;
    private final Path log;

    private Service(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts it; {@code log} takes what it prints. */
    public static Service start(String name, List<String> words, Map<String, String> environment, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = Command.builder(words, environment)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            return new Service(name, builder.start(), log);
        } catch (IOException e) {
            throw new BenchException(name + ": cannot start " + words.get(0) + ": " + e.getMessage(), e);
        }
    }

    /** Waits until it has printed a text. */
    public Service awaitPrinted(String text) {
        return await("it printed \"" + text + "\"", () -> printed().contains(text));
    }

    /** Waits until something holds, and fails where the process ends before. */
    public Service await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + START.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                boolean ended = process.waitFor(POLL_MS, TimeUnit.MILLISECONDS);
                if (ended || System.nanoTime() > deadline) {
                    close();
                    throw new BenchException(
                            name + ": " + (ended ? "ended" : "not ready after " + START.toSeconds() + " s") + " before "
                                    + what + ": " + printed());
                }
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new BenchException(name + ": interrupted while it started", e);
        }
        return this;
    }

    /** What it has printed, or the end of it. */
    public String printed() {
        try {
            return Command.tail(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process and all that this has started. */
    public Set<Long> pids() {
        Set<Long> pids = new LinkedHashSet<>();
        pids.add(process.pid());
        process.descendants().forEach(child -> pids.add(child.pid()));
        return pids;
    }

    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}

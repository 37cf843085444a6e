package io.kafila.benchmarks;

/** A benchmark cannot go on: a competitor failed, a command ended badly, or the machine lacks what it takes. */
public class BenchException extends RuntimeException {
    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}

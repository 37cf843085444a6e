package io.kafila.benchmarks;

/** What was asked for has no meaning on this machine: another command line would help, which the message names. */
public final class UsageException extends BenchException {
    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}

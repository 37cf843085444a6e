package io.kafila.daemon.internal.command;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A command that failed, with the message that its user reads: the root of this module's errors. */
public class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public CommandException(String message) {
        this(ErrorCode.NORMAL, message, null);
    }

    public CommandException(String message, @Nullable Throwable cause) {
        this(ErrorCode.NORMAL, message, cause);
    }

    public CommandException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** An error of the caller: wrong arguments. */
    public static CommandException client(String message) {
        return new CommandException(ErrorCode.CLIENT, message, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** Any failure as what its user reads: wrappers of futures are taken off, a failure without words is named. */
    public static CommandException of(Throwable failure) {
        Throwable bare = failure;
        while ((bare instanceof CompletionException || bare instanceof ExecutionException) && bare.getCause() != null) {
            bare = bare.getCause();
        }
        if (bare instanceof CommandException known) {
            return known;
        }
        if (bare instanceof CancellationException || bare instanceof InterruptedException) {
            return new CommandException("context canceled", bare);
        }
        String message = bare.getMessage();
        boolean ours = message != null && !message.isEmpty();
        boolean fault = bare instanceof NullPointerException
                || bare instanceof ClassCastException
                || bare instanceof IndexOutOfBoundsException
                || bare instanceof Error;
        if (fault || !ours) {
            return new CommandException(
                    ErrorCode.IMPLEMENTATION,
                    "internal error: " + bare.getClass().getSimpleName() + (ours ? ": " + message : ""),
                    bare);
        }
        if (bare instanceof NoSuchFileException) {
            return new CommandException("open " + message + ": no such file or directory", bare);
        }
        if (bare instanceof AccessDeniedException) {
            return new CommandException("open " + message + ": permission denied", bare);
        }
        return new CommandException(String.valueOf(message), bare);
    }
}

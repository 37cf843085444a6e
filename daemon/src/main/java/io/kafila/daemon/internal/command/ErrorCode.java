package io.kafila.daemon.internal.command;

/** Whose fault an error is; the ordinals are the {@code Code} of the RPC's error objects. */
public enum ErrorCode {
    /** The command could not do what it was asked. */
    NORMAL,
    /** The request makes no sense. */
    CLIENT,
    /** A fault of the program. */
    IMPLEMENTATION,
    /** Too much at once. */
    RATE_LIMITED,
    /** Not allowed. */
    FORBIDDEN
}

package io.kafila.daemon.internal.cli;

/** A command that has said what went wrong and only wants an exit code. */
public final class ExitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    public ExitException(int code) {
        super("exit code " + code);
        this.code = code;
    }

    public int code() {
        return code;
    }
}

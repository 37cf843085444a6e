package io.kafila.daemon.internal.command;

/** Whose fault an error is. */
public enum ErrorCode {
    /** The command could not do what it was asked. */
    NORMAL(0),
    /** The request makes no sense. */
    CLIENT(1),
    /** A fault of the program. */
    IMPLEMENTATION(2),
    /** Too much at once. */
    RATE_LIMITED(3),
    /** Not allowed. */
    FORBIDDEN(4);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** The {@code Code} of an error object. */
    public int number() {
        return number;
    }

    /** The code of a number; an unknown one is a normal error. */
    public static ErrorCode of(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return NORMAL;
    }
}

package io.kafila.daemon.internal.command;

/** How settled a command is; help warns of all but the first. */
public enum Status {
    ACTIVE(""),
    EXPERIMENTAL("EXPERIMENTAL, command may change in future releases"),
    DEPRECATED("DEPRECATED, command will be removed in the future"),
    REMOVED("REMOVED, command is no longer available"),
    /** Known to other IPFS programs, not to this one. It fails with a message that says so. */
    ABSENT("NOT AVAILABLE, this program does not have the command");

    private final String warning;

    Status(String warning) {
        this.warning = warning;
    }

    public String warning() {
        return warning;
    }
}

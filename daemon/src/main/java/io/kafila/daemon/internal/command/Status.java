package io.kafila.daemon.internal.command;

/** How settled a command is; help warns of all but the first. */
public enum Status {
    ACTIVE(""),
    EXPERIMENTAL("EXPERIMENTAL: options and output of this command are not settled yet"),
    DEPRECATED("DEPRECATED: a later version will not have this command"),
    REMOVED("REMOVED: this command does nothing any more"),
    /** Known to other IPFS programs, not to this one. It fails with a message that says so. */
    ABSENT("NOT AVAILABLE: other IPFS programs have this command, this one does not yet");

    private final String warning;

    Status(String warning) {
        this.warning = warning;
    }

    public String warning() {
        return warning;
    }
}

package io.kafila.node;

/** A request that needs the network, made of a node without one. */
public final class OfflineException extends NodeException {
    private static final long serialVersionUID = 1L;

    public OfflineException() {
        super("this action must be run in online mode, try running 'kafila daemon' first");
    }
}

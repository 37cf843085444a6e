package io.kafila.node;

/** A pin that was to be removed or moved and is not there, or not in that mode. */
public final class NotPinnedException extends NodeException {
    private static final long serialVersionUID = 1L;

    public NotPinnedException(String message) {
        super(message);
    }
}

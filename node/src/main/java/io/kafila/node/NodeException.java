package io.kafila.node;

import org.jspecify.annotations.Nullable;

/** A request that a node refuses, or a fault of the node itself: the root of this module's errors. */
public class NodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NodeException(String message) {
        super(message);
    }

    public NodeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

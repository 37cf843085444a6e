package io.kafila.node.config;

import org.jspecify.annotations.Nullable;

/** A configuration that cannot be read, or a value in it that is not what its key wants. The message names the key. */
public class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

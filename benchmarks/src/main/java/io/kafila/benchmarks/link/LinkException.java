package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;

/** Links of a kind that cannot be emulated here. */
public final class LinkException extends BenchException {
    private static final long serialVersionUID = 1L;

    LinkException(String message) {
        super(message);
    }
}

package io.kafila.dag;

import java.util.concurrent.CompletableFuture;

/** What a name of an /ipns/ path stands for: IPNS records and DNSLink, which lie above this module. Thread-safe. */
@FunctionalInterface
public interface NameResolver {

    /**
     * The path that the name stands for; it may be an /ipns/ path again.
     *
     * @throws PathException (in the future) with {@link PathException.Kind#UNRESOLVED_NAME} where there is none
     */
    CompletableFuture<ContentPath> resolve(String name);

    /** Knows no names. */
    static NameResolver none() {
        return name ->
                CompletableFuture.failedFuture(PathException.unresolvedName(name, "this node resolves no names", null));
    }
}

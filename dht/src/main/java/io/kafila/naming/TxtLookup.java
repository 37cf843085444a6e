package io.kafila.naming;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks the DNS for texts. Thread-safe. */
@FunctionalInterface
public interface TxtLookup {

    /**
     * The TXT records of a domain, each joined to one text; none where the domain does not exist. Fails with a {@link
     * NamingException} where the DNS cannot be asked.
     */
    CompletableFuture<List<String>> texts(String domain);

    /** A DNS without a record. */
    static TxtLookup none() {
        return domain -> CompletableFuture.completedFuture(List.of());
    }
}

package io.kafila.naming;

import io.kafila.libp2p.DnsOverHttps;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** TXT records from the resolver that is configured for a domain, and from another lookup where none is. Thread-safe. */
public final class ConfiguredTxtLookup implements TxtLookup {
    private final DnsOverHttps configured;
    private final TxtLookup otherwise;
    private final Executor executor;

    /** @param executor where lookups block; one that refuses work fails the lookup */
    public ConfiguredTxtLookup(DnsOverHttps configured, TxtLookup otherwise, Executor executor) {
        this.configured = configured;
        this.otherwise = otherwise;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<List<String>> texts(String domain) {
        if (!configured.serves(domain)) {
            return otherwise.texts(domain);
        }
        try {
            return CompletableFuture.supplyAsync(() -> ask(domain), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new NamingException("lookup " + domain + ": too many lookups wait already", e));
        }
    }

    private List<String> ask(String domain) {
        try {
            return configured.texts(domain);
        } catch (IOException e) {
            throw new NamingException("lookup " + domain + ": " + e.getMessage(), e);
        }
    }
}

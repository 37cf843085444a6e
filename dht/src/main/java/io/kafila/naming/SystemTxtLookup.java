package io.kafila.naming;

import io.kafila.naming.internal.QuotedStrings;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/** TXT records through the DNS client of the JDK, which asks the servers of the system, or one that is named. Thread-safe. */
public final class SystemTxtLookup implements TxtLookup {
    private static final String TIMEOUT_MS = "2000";
    private static final String RETRIES = "3";

    private final String servers;
    private final Executor executor;

    /** @param executor where lookups block; one that refuses work fails the lookup */
    public SystemTxtLookup(Executor executor) {
        this("dns:", executor);
    }

    /** @param servers {@code dns://<host>:<port>}, several with spaces between */
    public SystemTxtLookup(String servers, Executor executor) {
        this.servers = servers;
        this.executor = executor;
    }

    @Override
    public CompletableFuture<List<String>> texts(String domain) {
        try {
            return CompletableFuture.supplyAsync(() -> lookup(domain), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new NamingException("lookup " + domain + ": too many lookups wait already", e));
        }
    }

    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // only strings of the DNS provider are read; JNDI wants a Hashtable
    private List<String> lookup(String domain) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
        environment.put("java.naming.provider.url", servers);
        environment.put("com.sun.jndi.dns.timeout.initial", TIMEOUT_MS);
        environment.put("com.sun.jndi.dns.timeout.retries", RETRIES);
        try {
            InitialDirContext context = new InitialDirContext(environment);
            try {
                return texts(context.getAttributes(domain, new String[] {"TXT"}).get("TXT"));
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return List.of();
        } catch (javax.naming.NamingException e) {
            throw new NamingException("lookup " + domain + ": " + e.getMessage(), e);
        }
    }

    private static List<String> texts(@Nullable Attribute attribute) throws javax.naming.NamingException {
        List<String> texts = new ArrayList<>();
        if (attribute != null) {
            NamingEnumeration<?> values = attribute.getAll();
            while (values.hasMore()) {
                texts.add(QuotedStrings.join(String.valueOf(values.next())));
            }
        }
        return texts;
    }
}

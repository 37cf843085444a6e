package io.kafila.naming;

import io.kafila.dag.Codecs;
import io.kafila.dag.ContentPath;
import io.kafila.dag.NameResolver;
import io.kafila.dag.PathException;
import io.kafila.dag.PathResolver;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What names stand for: a key's name by its newest record, a domain by its DNSLink. Thread-safe.
 *
 * <p>Records are kept as long as their TTL allows; answers of the DNS are not, for its servers keep them themselves.
 */
public final class NameSystem implements NameResolver {
    /** What every failure begins with, as Kubo's clients know it. */
    static final String UNRESOLVED = "could not resolve name";

    private final RecordFinder finder;
    private final TxtLookup dns;
    private final Options options;
    private final Clock clock;
    private final ResolveCache cache;

    /**
     * @param cacheSize how many names are kept; none where it is 0
     * @param maxCacheTtl how long they are kept, whatever their records say
     * @param fixed what names stand for without a look, for tests
     */
    public record Options(int cacheSize, Duration maxCacheTtl, Map<String, ContentPath> fixed) {
        public static final Options DEFAULT = new Options(128, Duration.ofNanos(Long.MAX_VALUE), Map.of());

        public Options {
            if (cacheSize < 0) {
                throw new IllegalArgumentException("names: cache of " + cacheSize + ", want 0 or more");
            }
            fixed = Map.copyOf(fixed);
        }
    }

    public NameSystem(RecordFinder finder, TxtLookup dns, Options options, Clock clock) {
        this.finder = finder;
        this.dns = dns;
        this.options = options;
        this.clock = clock;
        this.cache = new ResolveCache(options.cacheSize(), options.maxCacheTtl());
    }

    @Override
    public CompletableFuture<ContentPath> resolve(String name) {
        return resolveOnce(name, ResolveOptions.DEFAULT, better -> {});
    }

    /**
     * The immutable path that a path stands for, through as many names as {@link PathResolver#MAX_NAME_HOPS}.
     *
     * @throws PathException (in the future) if one of them cannot be resolved
     */
    public CompletableFuture<ContentPath> resolve(ContentPath path, ResolveOptions how) {
        return new PathResolver(Codecs.standard(), name -> resolveOnce(name, how, better -> {})).immutable(path);
    }

    /**
     * The path that one name stands for, which may begin with a name again. Cancelling the future ends the search.
     *
     * @param better told of each path that is newer than all before it, the last one included
     * @throws PathException (in the future) if the name cannot be resolved
     */
    public CompletableFuture<ContentPath> resolveOnce(String name, ResolveOptions how, Consumer<ContentPath> better) {
        ContentPath fixed = options.fixed().get(name);
        if (fixed != null) {
            better.accept(fixed);
            return CompletableFuture.completedFuture(fixed);
        }
        Optional<IpnsName> key = IpnsName.tryParse(name);
        if (key.isPresent()) {
            return ofRecord(key.get(), how, better);
        }
        Optional<String> domain = DnsLink.domain(name);
        if (domain.isEmpty()) {
            return CompletableFuture.failedFuture(
                    PathException.unresolved("cannot resolve: \"" + IpnsName.PREFIX + name + "\"", null));
        }
        return ofDomain(name, domain.get(), better);
    }

    private CompletableFuture<ContentPath> ofRecord(IpnsName name, ResolveOptions how, Consumer<ContentPath> better) {
        String key = name.toString();
        if (how.cached()) {
            Optional<ContentPath> known = cache.get(key, clock.instant());
            if (known.isPresent()) {
                better.accept(known.get());
                return CompletableFuture.completedFuture(known.get());
            }
        }
        CompletableFuture<Optional<IpnsRecord>> finding =
                finder.find(name, how, record -> better.accept(record.value()));
        return following(finding, found -> {
            IpnsRecord record = found.orElseThrow(() -> PathException.unresolved(UNRESOLVED, null));
            remember(name, record);
            return record.value();
        });
    }

    private CompletableFuture<ContentPath> ofDomain(String name, String domain, Consumer<ContentPath> better) {
        CompletableFuture<List<String>> asking = dns.texts(DnsLink.recordDomain(domain));
        return following(
                asking,
                texts -> {
                    ContentPath path = DnsLink.path(texts);
                    better.accept(path);
                    return path;
                },
                "DNSLink lookup for \"" + name + (name.endsWith(".") ? "" : ".") + "\" failed: ");
    }

    /** Keeps what a name stands for, as long as its record allows. */
    public void remember(IpnsName name, IpnsRecord record) {
        cache.put(name.toString(), record.value(), record.cacheableFor(clock.instant()), clock.instant());
    }

    /** The next look at the name is a real one. */
    public void forget(IpnsName name) {
        cache.remove(name.toString());
    }

    /** How many names are kept. */
    public int cachedCount() {
        return cache.size();
    }

    private static <A> CompletableFuture<ContentPath> following(
            CompletableFuture<A> first, Function<A, ContentPath> next) {
        return following(first, next, "");
    }

    /** Like {@code thenApply}, but a cancel reaches {@code first}, and every failure is one of the path. */
    private static <A> CompletableFuture<ContentPath> following(
            CompletableFuture<A> first, Function<A, ContentPath> next, String context) {
        CompletableFuture<ContentPath> result = new CompletableFuture<>();
        result.whenComplete((path, fault) -> {
            if (result.isCancelled()) {
                first.cancel(false);
            }
        });
        first.whenComplete((value, fault) -> {
            try {
                if (fault != null) {
                    result.completeExceptionally(unresolved(context, fault));
                } else {
                    result.complete(next.apply(value));
                }
            } catch (RuntimeException e) {
                result.completeExceptionally(unresolved(context, e));
            }
        });
        return result;
    }

    private static Throwable unresolved(String context, Throwable fault) {
        Throwable bare = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return bare instanceof PathException || bare instanceof Error
                ? bare
                : PathException.unresolved(context + bare.getMessage(), bare);
    }
}

package io.kafila.delegated;

import io.kafila.delegated.DelegatedEndpoint.Ability;
import io.kafila.delegated.internal.AnswerBody;
import io.kafila.delegated.internal.LineSplitter;
import io.kafila.delegated.internal.MissCache;
import io.kafila.delegated.internal.RecordJson;
import io.kafila.delegated.internal.RecordSink;
import io.kafila.libp2p.routing.ContentRouting;
import io.kafila.libp2p.routing.PeerRouting;
import io.kafila.libp2p.routing.Provider;
import io.kafila.libp2p.routing.ValueRouting;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import io.kafila.naming.IpnsName;
import io.kafila.naming.IpnsRecord;
import io.kafila.naming.NamingException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A router that is asked over HTTP (ipfs/specs http-routing-v1.md). Thread-safe. What the endpoint is not asked for answers
 * "nothing known" at once; so do questions to which it had no answer a moment ago.
 */
public final class DelegatedRouter implements ContentRouting, PeerRouting, ValueRouting {
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json";

    /** How much of an error's text is shown. */
    private static final int MAX_ERROR_CHARS = 256;

    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[ ,])max-age=(\\d{1,9})");

    private final DelegatedEndpoint endpoint;
    private final DelegatedOptions options;
    private final HttpClient client;
    private final Clock clock;
    private final RecordJson json = new RecordJson();
    private final MissCache misses = new MissCache();
    private final Semaphore places;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** @param client shared by the routers of a node */
    public DelegatedRouter(DelegatedEndpoint endpoint, DelegatedOptions options, HttpClient client, Clock clock) {
        this.endpoint = endpoint;
        this.options = options;
        this.client = client;
        this.clock = clock;
        this.places = new Semaphore(options.concurrentRequests());
    }

    public DelegatedEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public CompletableFuture<Void> findProviders(Cid cid, int limit, Consumer<Provider> found) {
        if (!endpoint.can(Ability.PROVIDERS)) {
            return CompletableFuture.completedFuture(null);
        }
        return records(
                "providers/" + cid.asV1(),
                "Providers",
                options.filter(),
                limit,
                record -> found.accept(record.provider()));
    }

    @Override
    public CompletableFuture<Optional<Provider>> findPeer(PeerId peer) {
        if (!endpoint.can(Ability.PEERS)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        AtomicReference<Provider> first = new AtomicReference<>();
        CompletableFuture<Void> asking =
                records("peers/" + peer.toCid(), "Peers", options.filter(), options.results(), record -> {
                    if (record.peer().equals(peer) && !record.addresses().isEmpty()) {
                        first.compareAndSet(null, record.provider());
                    }
                });
        return then(asking, nothing -> Optional.ofNullable(first.get()));
    }

    /** The peers that the router's DHT has closest to a key: the Cid of content, or {@link PeerId#toCid()}. */
    public CompletableFuture<Void> closestPeers(Cid key, int limit, Consumer<Provider> found) {
        if (!endpoint.can(Ability.CLOSEST_PEERS)) {
            return CompletableFuture.completedFuture(null);
        }
        return records(
                "dht/closest/peers/" + key.asV1(),
                "Peers",
                RoutingFilter.NONE,
                limit,
                record -> found.accept(record.provider()));
    }

    private CompletableFuture<Void> records(
            String question, String field, RoutingFilter filter, int limit, Consumer<PeerRecord> found) {
        if (misses.isMiss(question, clock.instant())) {
            return CompletableFuture.completedFuture(null);
        }
        RecordSink sink = new RecordSink(filter, Math.min(limit, options.results()), found);
        String query = filter.query();
        HttpRequest request = request(question + (query.isEmpty() ? "" : "?" + query))
                .header("Accept", NDJSON + "," + JSON)
                .build();
        CompletableFuture<HttpResponse<byte[]>> sending = send(
                request,
                answer -> isOk(answer) && is(answer, NDJSON)
                        ? AnswerBody.lines(
                                options.bodyBytes(),
                                new LineSplitter(
                                        options.lineBytes(),
                                        line -> json.line(line).ifPresent(sink)))
                        : AnswerBody.whole(options.bodyBytes()));
        CompletableFuture<Void> result = then(sending, answer -> {
            if (answer.statusCode() != 404) {
                requireOk(answer);
                if (header(answer, "Content-Type").startsWith(JSON)) {
                    json.list(answer.body(), field, sink);
                }
            }
            if (sink.passedCount() == 0) {
                misses.miss(question, missTtl(answer), clock.instant());
            }
            return null;
        });
        sink.full().thenRun(() -> {
            if (result.complete(null)) {
                sending.cancel(true);
            }
        });
        return result;
    }

    @Override
    public CompletableFuture<Optional<byte[]>> searchValue(byte[] key, int quorum, Consumer<byte[]> better) {
        if (!endpoint.can(Ability.IPNS_GET) || !IpnsName.isRoutingKey(key)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        IpnsName name;
        try {
            name = IpnsName.ofRoutingKey(key);
        } catch (NamingException e) {
            return CompletableFuture.failedFuture(e);
        }
        String question = "ipns/" + name;
        if (misses.isMiss(question, clock.instant())) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        HttpRequest request =
                request(question).header("Accept", IpnsRecord.MEDIA_TYPE).build();
        return then(send(request, answer -> AnswerBody.whole(IpnsRecord.MAX_BYTES)), answer -> {
            if (answer.statusCode() != 404) {
                requireOk(answer);
            }
            if (answer.statusCode() == 404 || !header(answer, "Content-Type").contains(IpnsRecord.MEDIA_TYPE)) {
                misses.miss(question, missTtl(answer), clock.instant());
                return Optional.empty();
            }
            byte[] value = answer.body();
            try {
                IpnsRecord.decode(value).verify(name, clock.instant());
            } catch (NamingException e) {
                failures.increment();
                throw new DelegatedException(endpoint.base() + ": " + name + ": " + e.getMessage(), e);
            }
            better.accept(value);
            return Optional.of(value);
        });
    }

    @Override
    public CompletableFuture<Integer> putValue(byte[] key, byte[] value) {
        if (!endpoint.can(Ability.IPNS_PUT) || !IpnsName.isRoutingKey(key)) {
            return CompletableFuture.failedFuture(new DelegatedException(endpoint.base() + ": takes no such values"));
        }
        IpnsName name;
        try {
            name = IpnsName.ofRoutingKey(key);
        } catch (NamingException e) {
            return CompletableFuture.failedFuture(e);
        }
        String question = "ipns/" + name;
        HttpRequest request = request(question)
                .header("Content-Type", IpnsRecord.MEDIA_TYPE)
                .PUT(BodyPublishers.ofByteArray(value.clone()))
                .build();
        return then(send(request, answer -> AnswerBody.whole(options.bodyBytes())), answer -> {
            requireOk(answer);
            misses.forget(question);
            return 1;
        });
    }

    /** How many requests were sent. */
    public long requestCount() {
        return requests.sum();
    }

    /** How many of them failed or were answered wrongly. */
    public long failureCount() {
        return failures.sum();
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(endpoint.base() + "/routing/v1/" + pathAndQuery))
                .header("User-Agent", options.userAgent())
                .timeout(options.timeout());
    }

    private CompletableFuture<HttpResponse<byte[]>> send(
            HttpRequest request, Function<HttpResponse.ResponseInfo, AnswerBody> body) {
        if (misses.isPaused(clock.instant())) {
            return CompletableFuture.failedFuture(
                    new DelegatedException(endpoint.base() + ": asked to be left alone for a while"));
        }
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(new DelegatedException(
                    endpoint.base() + ": " + options.concurrentRequests() + " requests run already"));
        }
        requests.increment();
        CompletableFuture<HttpResponse<byte[]>> sending = client.sendAsync(request, body::apply);
        // The client's own timeout ends with the head of the answer.
        sending.orTimeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        sending.whenComplete((answer, fault) -> {
            places.release();
            if (fault != null && !sending.isCancelled()) {
                failures.increment();
            }
        });
        return sending;
    }

    private void requireOk(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status == 200) {
            return;
        }
        failures.increment();
        if (status == 429 || status == 503) {
            misses.pause(seconds(header(answer, "Retry-After"), PAUSE), clock.instant());
        }
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        throw new DelegatedException(endpoint.base() + ": status " + status + ", want 200: "
                + text.substring(0, Math.min(text.length(), MAX_ERROR_CHARS)));
    }

    private Duration missTtl(HttpResponse<byte[]> answer) {
        Matcher age = MAX_AGE.matcher(header(answer, "Cache-Control").toLowerCase(Locale.ROOT));
        return age.find() ? seconds(age.group(1), options.missTtl()) : options.missTtl();
    }

    private static Duration seconds(String text, Duration otherwise) {
        try {
            return text.isEmpty() ? otherwise : Duration.ofSeconds(Math.max(0, Integer.parseInt(text.strip())));
        } catch (NumberFormatException e) {
            return otherwise; // a date, or nonsense
        }
    }

    private static boolean isOk(HttpResponse.ResponseInfo answer) {
        return answer.statusCode() == 200;
    }

    private static boolean is(HttpResponse.ResponseInfo answer, String type) {
        return answer.headers().firstValue("Content-Type").orElse("").startsWith(type);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** Like {@code thenApply}, but a cancel ends the request, and errors come bare. */
    private <A, B> CompletableFuture<B> then(CompletableFuture<A> first, Function<A, B> next) {
        CompletableFuture<B> result = new CompletableFuture<>();
        result.whenComplete((value, fault) -> {
            if (result.isCancelled()) {
                first.cancel(true);
            }
        });
        first.whenComplete((value, fault) -> {
            if (fault != null) {
                result.completeExceptionally(bare(fault));
                return;
            }
            try {
                result.complete(next.apply(value));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private Throwable bare(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof DelegatedException
                ? cause
                : new DelegatedException(endpoint.base() + ": " + cause, cause);
    }
}

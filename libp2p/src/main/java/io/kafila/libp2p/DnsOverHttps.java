package io.kafila.libp2p;

import io.kafila.libp2p.internal.doh.BoundedBody;
import io.kafila.libp2p.internal.doh.DnsQuery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Resolvers that are asked over HTTPS (RFC 8484) for the names below some domains; all other names are left to the system. The
 * most specific domain counts. Answers are not kept. Lookups block. Thread-safe.
 */
public final class DnsOverHttps {
    /** The domain that all names are below of. */
    public static final String ROOT = ".";

    /** How long one answer may take, connecting included. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** How many questions run at once; further ones fail. */
    static final int MAX_CONCURRENT = 32;

    /** How many domains may have a resolver. */
    static final int MAX_DOMAINS = 256;

    private static final String MEDIA_TYPE = "application/dns-message";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

    /** By domain, in lower case and without the dot at the end; {@code null} for the system. */
    private final Map<String, @Nullable URI> resolvers = new HashMap<>();

    private final Semaphore places = new Semaphore(MAX_CONCURRENT);
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private @Nullable HttpClient client;

    /**
     * @param urls for each domain, with a dot at its end, the {@code https://} URL of its resolver; empty for the one of the system. Plain
     *     {@code http://} is for resolvers on this machine.
     * @throws IllegalArgumentException naming what is no domain or no such URL
     */
    public DnsOverHttps(Map<String, String> urls) {
        if (urls.size() > MAX_DOMAINS) {
            throw new IllegalArgumentException(
                    "dns resolvers: " + urls.size() + " domains, want at most " + MAX_DOMAINS);
        }
        urls.forEach((domain, url) -> {
            if (!domain.endsWith(".")) {
                throw new IllegalArgumentException(
                        "dns resolvers: invalid domain \"" + domain + "\"; must be FQDN, with a dot at its end");
            }
            resolvers.put(bare(domain), url.isEmpty() ? null : url(domain, url));
        });
    }

    /** All names are left to the system. */
    public static DnsOverHttps none() {
        return new DnsOverHttps(Map.of());
    }

    private static URI url(String domain, String text) {
        try {
            URI url = new URI(text);
            String host = url.getHost();
            if (host != null
                    && ("https".equals(url.getScheme())
                            || ("http".equals(url.getScheme()) && LOOPBACK.contains(host)))) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("dns resolvers: invalid resolver url for " + domain + ": " + text, e);
        }
        throw new IllegalArgumentException(
                "dns resolvers: invalid resolver url for " + domain + ": " + text + ", want https://");
    }

    private static String bare(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Whether a name is one for which a resolver is configured; if not, the system is to be asked. */
    public boolean serves(String name) {
        return resolver(name).isPresent();
    }

    private Optional<URI> resolver(String name) {
        String domain = bare(name);
        while (!resolvers.containsKey(domain)) {
            if (domain.isEmpty()) {
                return Optional.empty();
            }
            int dot = domain.indexOf('.');
            domain = dot < 0 ? "" : domain.substring(dot + 1);
        }
        return Optional.ofNullable(resolvers.get(domain));
    }

    /**
     * The TXT records of a name, each joined to one text; none where the name does not exist.
     *
     * @throws IOException if the resolver cannot be asked or answers wrongly
     */
    public List<String> texts(String name) throws IOException {
        List<String> texts = new ArrayList<>();
        for (byte[] data : ask(name, DnsQuery.TXT)) {
            texts.add(DnsQuery.text(data));
        }
        return texts;
    }

    /**
     * The addresses of a host; none where it does not exist.
     *
     * @throws IOException if the resolver cannot be asked or answers wrongly
     */
    public List<InetAddress> addresses(String host) throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        for (int type : new int[] {DnsQuery.A, DnsQuery.AAAA}) {
            for (byte[] data : ask(host, type)) {
                addresses.add(InetAddress.getByAddress(data)); // which refuses any length but 4 and 16
            }
        }
        return addresses;
    }

    /** How many questions were asked. */
    public long requestCount() {
        return requests.sum();
    }

    /** How many of them had no answer or a wrong one. */
    public long failureCount() {
        return failures.sum();
    }

    private List<byte[]> ask(String name, int type) throws IOException {
        URI url = resolver(name).orElseThrow(() -> new IOException("dns: no resolver is configured for " + name));
        byte[] question = DnsQuery.encode(name, type);
        if (!places.tryAcquire()) {
            throw new IOException(url + ": " + MAX_CONCURRENT + " questions wait already");
        }
        requests.increment();
        try {
            return DnsQuery.decode(answer(url, question), type);
        } catch (IOException e) {
            failures.increment();
            throw new IOException(url + ": " + e.getMessage(), e);
        } finally {
            places.release();
        }
    }

    private byte[] answer(URI url, byte[] question) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", MEDIA_TYPE)
                .header("Accept", MEDIA_TYPE)
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofByteArray(question))
                .build();
        CompletableFuture<HttpResponse<byte[]>> asking =
                client().sendAsync(request, head -> new BoundedBody(DnsQuery.MAX_MESSAGE_BYTES));
        try {
            // The client's own timeout ends with the head of the answer.
            HttpResponse<byte[]> answer = asking.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("status " + answer.statusCode() + ", want 200");
            }
            return answer.body();
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + TIMEOUT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            asking.cancel(true); // nothing, where it is done
        }
    }

    /** Made when it is needed, for it has threads. */
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
            client = made;
        }
        return made;
    }
}

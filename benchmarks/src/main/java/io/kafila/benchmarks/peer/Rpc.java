package io.kafila.benchmarks.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The RPC of a daemon with the verbs of {@code ipfs}. Thread-safe. */
public final class Rpc {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ERROR_BYTES = 4096;

    private final String name;
    private final URI base;
    private final Duration timeout;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /**
     * @param name of the daemon, for messages
     * @param address the multiaddr in its {@code api} file
     * @param timeout how long an answer may take to begin
     */
    Rpc(String name, String address, Duration timeout) {
        this.name = name;
        this.base = base(address);
        this.timeout = timeout;
    }

    static URI base(String address) {
        String[] parts = address.strip().split("/", -1);
        if (parts.length != 5 || !parts[1].equals("ip4") || !parts[3].equals("tcp")) {
            throw new BenchException("api address " + address.strip() + ", want /ip4/<address>/tcp/<port>");
        }
        return URI.create("http://" + parts[2] + ":" + parts[4] + "/api/v0/");
    }

    /** Calls {@code path}, such as {@code pin/add?arg=...}; the last JSON value of the answer. */
    public JsonNode call(String path) {
        JsonNode last = JSON.missingNode();
        try (InputStream in = stream(path);
                var values = JSON.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
            while (values.hasNextValue()) {
                last = values.nextValue();
                if (last.path("Type").asText().equals("error") || last.hasNonNull("Error")) {
                    throw new BenchException(name + " " + path + ": " + last);
                }
            }
        } catch (IOException e) {
            throw new BenchException(name + " " + path + ": " + e.getMessage(), e);
        }
        return last;
    }

    /** Calls {@code path}; what it answers, as it comes. The caller closes the stream. */
    public InputStream stream(String path) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(timeout)
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                try (InputStream body = response.body()) {
                    throw new BenchException(name + " " + path + ": status " + response.statusCode() + ": "
                            + new String(body.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8).strip());
                }
            }
            return response.body();
        } catch (IOException e) {
            throw new BenchException(name + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(name + " " + path + ": interrupted", e);
        }
    }

    /** A text as the value of a query's parameter. */
    public static String quoted(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}

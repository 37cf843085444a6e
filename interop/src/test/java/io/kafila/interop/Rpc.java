package io.kafila.interop;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The RPC of daemons, called from this JVM, so that a call costs no process. Unlike the JDK's client it sees the trailer in
 * which a call says that it failed halfway. Thread-safe; closing it closes its connections.
 */
final class Rpc implements AutoCloseable {
    private static final String BOUNDARY = "kafila-interop-boundary";
    private static final Pattern ADDRESS = Pattern.compile("/ip4/([^/]+)/tcp/(\\d+)");
    private static final int DEADLINE_SECONDS = 120;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();

    /** What a call left behind; {@code streamError} is the trailer {@code X-Stream-Error}. */
    record Answer(
            String call, int status, Buffer body, @Nullable String streamError) {
        /** The call did what it was asked for, and says so. */
        boolean acknowledged() {
            return status == 200 && streamError == null;
        }

        Answer ok() {
            if (!acknowledged()) {
                throw new AssertionError(call + " answered " + status + ", stream error " + streamError + ": "
                        + body.slice(0, Math.min(body.length(), 4000)));
            }
            return this;
        }
    }

    /**
     * One call of the daemon whose RPC is at the multiaddr {@code api}.
     *
     * @throws IOException when the daemon went away before its answer was complete
     */
    Answer call(String api, String call) throws IOException {
        return send(api, call, null);
    }

    /** Calls with one file as the body. */
    Answer upload(String api, String call, Path file) throws IOException {
        Buffer body = Buffer.buffer("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                        + file.getFileName() + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .appendBytes(Files.readAllBytes(file))
                .appendString("\r\n--" + BOUNDARY + "--\r\n");
        return send(api, call, body);
    }

    private Answer send(String api, String call, @Nullable Buffer body) throws IOException {
        Matcher address = ADDRESS.matcher(api);
        if (!address.matches()) {
            throw new AssertionError("address of the RPC is " + api + ", want " + ADDRESS);
        }
        Future<Answer> answer = client.request(
                        HttpMethod.POST, Integer.parseInt(address.group(2)), address.group(1), "/api/v0/" + call)
                .compose(request -> request(request, body)
                        .compose(response -> response.body()
                                .map(bytes -> new Answer(
                                        call,
                                        response.statusCode(),
                                        bytes,
                                        response.trailers().get("X-Stream-Error")))));
        try {
            return answer.toCompletionStage().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(call + " has no whole answer", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(call + " did not end within " + DEADLINE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Future<HttpClientResponse> request(HttpClientRequest request, @Nullable Buffer body) {
        if (body == null) {
            return request.send();
        }
        request.putHeader("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
        return request.send(body);
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}

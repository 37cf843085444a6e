package io.kafila.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A resolver of the DNS over HTTP (RFC 8484) on loopback, with records that the test puts into it. Thread-safe. */
public final class DohServer implements AutoCloseable {
    private static final int TXT = 16;
    private static final int MAX_STRING_BYTES = 255;
    private static final int NO_SUCH_NAME = 3;

    private final HttpServer server;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What is answered instead of anything else, for misbehaviour. */
    private volatile byte @Nullable [] raw;

    private volatile int status = 200;

    public DohServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.createContext("/dns-query", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/dns-query";
    }

    /** Adds TXT records to a name. */
    public DohServer texts(String name, String... texts) {
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            for (int at = 0; at < bytes.length; at += MAX_STRING_BYTES) {
                int length = Math.min(MAX_STRING_BYTES, bytes.length - at);
                data.write(length);
                data.write(bytes, at, length);
            }
            record(name, TXT, data.toByteArray());
        }
        return this;
    }

    /** Adds a record of any type. */
    public DohServer record(String name, int type, byte[] data) {
        records.computeIfAbsent(name + "/" + type, key -> new CopyOnWriteArrayList<>())
                .add(data.clone());
        return this;
    }

    /** From now on every question is answered with this body. */
    public void answerRaw(int httpStatus, byte[] body) {
        status = httpStatus;
        raw = body.clone();
    }

    /** The names that were asked for, in their order. */
    public List<String> asked() {
        return asked;
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] query = exchange.getRequestBody().readAllBytes();
        byte[] instead = raw;
        byte[] answer = instead == null ? answer(query) : instead;
        exchange.getResponseHeaders().add("Content-Type", "application/dns-message");
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
        }
    }

    private byte[] answer(byte[] query) {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
            at += query[at] + 1;
        }
        int type = query[at + 2];
        at += 5;
        asked.add(name.toString());
        List<byte[]> found = records.getOrDefault(name + "/" + type, List.of());
        boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + "/"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(query, 0, 2);
        out.writeBytes(new byte[] {
            (byte) 0x81, (byte) (0x80 | (known ? 0 : NO_SUCH_NAME)), 0, 1, 0, (byte) found.size(), 0, 0, 0, 0
        });
        out.write(query, 12, at - 12);
        for (byte[] data : found) {
            out.writeBytes(new byte[] {
                (byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 60, (byte) (data.length >> 8), (byte) data.length
            });
            out.writeBytes(data);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

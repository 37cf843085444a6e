package io.kafila.daemon.internal.verbs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.daemon.internal.command.Command;
import io.kafila.daemon.internal.command.Json;
import io.kafila.daemon.internal.process.RepoEnvironment;
import io.kafila.daemon.internal.rpc.RpcCounters;
import io.kafila.daemon.internal.rpc.RpcLimits;
import io.kafila.daemon.internal.rpc.RpcServer;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.node.KafilaNode;
import io.kafila.node.NodeOptions;
import io.kafila.node.Repo;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A node in memory behind the whole table of commands, spoken to by HTTP as foreign clients do. */
final class RpcFixture implements AutoCloseable {
    private static final String BOUNDARY = "----fixture";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final KafilaNode node;
    private final RpcServer server;
    private final ConfigFile configFile;
    private final String address;

    RpcFixture(Path repo, boolean online) throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        configFile = ConfigFile.in(repo);
        configFile.write(Config.initial(
                key.publicKey().peerId().toString(), Base64.getEncoder().encodeToString(key.protobuf())));
        Files.writeString(repo.resolve("version"), Repo.VERSION + "\n");
        node = KafilaNode.start(NodeOptions.defaults(key).withOnline(online));
        RepoEnvironment environment = RepoEnvironment.daemon(repo, configFile, Map.of(), node, () -> {});
        Command root = Verbs.tree((request, emitter, none) -> {});
        server = new RpcServer(
                vertx,
                root,
                environment,
                configFile.read(),
                RpcLimits.DEFAULT,
                new RpcCounters(),
                () -> "",
                Optional.empty());
        InetSocketAddress bound =
                server.listen(new InetSocketAddress("127.0.0.1", 0)).get(10, TimeUnit.SECONDS);
        address = "http://127.0.0.1:" + bound.getPort() + "/api/v0/";
    }

    KafilaNode node() {
        return node;
    }

    Config config() {
        return configFile.read();
    }

    /** An answer. */
    record Answer(int status, Map<String, List<String>> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }

        /** The one value. */
        JsonNode json() {
            return values().get(0);
        }

        /** The values of a stream. */
        List<JsonNode> values() {
            List<JsonNode> values = new ArrayList<>();
            try {
                for (String line : text().split("\n", -1)) {
                    if (!line.isEmpty()) {
                        values.add(Json.read(line));
                    }
                }
            } catch (JsonProcessingException e) {
                throw new AssertionError(text(), e);
            }
            return values;
        }

        /** The message of a failure. */
        String error() {
            return json().path("Message").asText() + "|" + json().path("Code").asInt();
        }
    }

    /** Calls {@code path?name=value&...}; values are encoded here. */
    Answer call(String path, String... query) throws IOException, InterruptedException {
        return send(path, query, HttpRequest.newBuilder().POST(BodyPublishers.noBody()));
    }

    /** {@link #call} with the text form of the answer. */
    String text(String path, String... query) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(query));
        all.add("encoding=text");
        return call(path, all.toArray(String[]::new)).text();
    }

    /** {@link #call} with files as the body. */
    Answer upload(String path, List<byte[]> files, String... query) throws IOException, InterruptedException {
        return upload(path, "application/octet-stream", files, query);
    }

    /** {@link #upload(String, List, String...)} with parts of another type, such as {@code application/symlink}. */
    Answer upload(String path, String type, List<byte[]> files, String... query)
            throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] file : files) {
            body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
                            + "Content-Type: " + type + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(file);
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(
                path,
                query,
                HttpRequest.newBuilder()
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private Answer send(String path, String[] query, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        List<String> pairs = new ArrayList<>();
        for (String pair : query) {
            int equals = pair.indexOf('=');
            pairs.add(pair.substring(0, equals + 1)
                    + URLEncoder.encode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        HttpResponse<byte[]> response = client.send(
                request.uri(URI.create(address + path + "?" + String.join("&", pairs)))
                        .build(),
                BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }

    @Override
    public void close() throws Exception {
        server.close();
        node.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}

package io.kafila.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Helia peer in a process of its own, on loopback; see {@code interop/helia/peer.mjs}. Closing it stops the process. */
final class Helia implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader answers;
    private final OutputStream requests;
    private final JsonNode identity;

    private Helia(Process process) throws IOException {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.requests = process.getOutputStream();
        this.identity = answer();
    }

    /**
     * @param blocks the folder for its blocks
     * @param security {@code tls} or {@code noise}
     */
    static Helia start(Path blocks, String security) {
        return run(blocks.toString(), security);
    }

    /** A server of the DHT of the local network. */
    static Helia startWithDht(Path blocks, String security) {
        return run(blocks.toString(), security, "127.0.0.1", "dht");
    }

    private static Helia run(String... options) {
        Path home = Foreign.helia();
        List<String> words = new ArrayList<>();
        words.add(home.resolve("node_modules/.bin/node").toString());
        words.add(home.resolve("peer.mjs").toString());
        words.addAll(List.of(options));
        try {
            Process process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Helia(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return identity.get("addresses").get(0).asText();
    }

    void connect(String address) {
        request("connect").put("address", address).send();
    }

    /** Adds a file, or a folder with all that is in it. */
    String add(Path path, int chunkBytes) {
        return request("add")
                .put("path", path.toString())
                .put("chunkBytes", chunkBytes)
                .send()
                .get("cid")
                .asText();
    }

    void get(String cid, Path to) {
        request("get").put("cid", cid).put("to", to.toString()).send();
    }

    String id() {
        return identity.get("id").asText();
    }

    void provide(String cid) {
        request("provide").put("cid", cid).send();
    }

    /** The first provider that is found. */
    String findProvider(String cid) {
        return request("findprovs").put("cid", cid).send().get("peer").asText();
    }

    /**
     * Publishes a record of IPNS.
     *
     * @param key the name of the key that signs it, which is made where it is new
     * @return the name, without a prefix
     */
    String publish(String key, String cid) {
        return request("publish")
                .put("key", key)
                .put("cid", cid)
                .send()
                .get("name")
                .asText();
    }

    /** What the DHT has for a name: a path. */
    String resolve(String name) {
        return request("resolve").put("name", name).send().get("value").asText();
    }

    private Request request(String operation) {
        return new Request(JSON.createObjectNode().put("op", operation));
    }

    private final class Request {
        private final ObjectNode body;

        private Request(ObjectNode body) {
            this.body = body;
        }

        private Request put(String name, String value) {
            body.put(name, value);
            return this;
        }

        private Request put(String name, int value) {
            body.put(name, value);
            return this;
        }

        private JsonNode send() {
            try {
                requests.write((body + "\n").getBytes(StandardCharsets.UTF_8));
                requests.flush();
                JsonNode answer = answer();
                if (answer.has("error")) {
                    throw new AssertionError(
                            "helia: " + body + " failed: " + answer.get("error").asText());
                }
                return answer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private JsonNode answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new AssertionError("helia: the process ended without an answer");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() {
        try {
            request("stop").send();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}

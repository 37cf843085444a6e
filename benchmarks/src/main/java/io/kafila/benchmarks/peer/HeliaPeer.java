package io.kafila.benchmarks.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Digests;
import io.kafila.benchmarks.content.Folders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Helia peer, driven by one JSON request a line as {@code interop/helia/peer.mjs} says. It has no verb that fetches
 * without writing the file out, so what it fetches lies on disk twice, as blocks and as a file. One that does not answer in
 * time is ended, for its next answer would be that to an earlier request.
 */
final class HeliaPeer implements Peer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final int blockBytes;
    private final Duration timeout;
    private final Process process;
    /** At most one line for each request, and nothing at the end of all. */
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private final OutputStream requests;
    private final String address;

    /** @param home the folder in which Helia is installed */
    HeliaPeer(Path home, Path folder, Site site, PeerOptions options) {
        this.folder = Folders.create(folder);
        this.blockBytes = options.blockBytes();
        this.timeout = options.timeout();
        List<String> words = site.command(List.of(
                home.resolve("node_modules/.bin/node").toString(),
                home.resolve("peer.mjs").toString(),
                folder.resolve("blocks").toString(),
                options.security(),
                site.swarmHost()));
        try {
            process = new ProcessBuilder(words)
                    .redirectError(folder.resolve("helia.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new BenchException("helia: cannot start: " + e.getMessage(), e);
        }
        this.requests = process.getOutputStream();
        Thread reader = new Thread(this::read, "helia");
        reader.setDaemon(true);
        reader.start();
        try {
            this.address = ownAddress(site);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private String ownAddress(Site site) {
        String said = answer("its start").path("addresses").path(0).asText();
        if (!said.startsWith("/ip4/" + site.swarmHost() + "/")) {
            throw new BenchException("helia: listens at " + said + ", want " + site.swarmHost()
                    + "; its peer.mjs is older than that of interop/helia");
        }
        return said;
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException e) {
            // It was ended while it wrote, which is its end all the same.
        } finally {
            answers.add(Optional.empty());
        }
    }

    @Override
    public String name() {
        return "helia";
    }

    @Override
    public Set<Long> pids() {
        Set<Long> pids = new LinkedHashSet<>();
        pids.add(process.pid());
        process.descendants().forEach(child -> pids.add(child.pid()));
        return pids;
    }

    @Override
    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public String hold(Path content) {
        ObjectNode request = request("add").put("path", content.toString()).put("chunkBytes", blockBytes);
        return send(request).path("cid").asText();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void connect(String other) {
        send(request("connect").put("address", other));
    }

    @Override
    public void fetch(String root) {
        send(request("get").put("cid", root).put("to", fetched(root).toString()));
    }

    @Override
    public String digest(String root, Path scratch) {
        return Digests.of(fetched(root));
    }

    private Path fetched(String root) {
        return folder.resolve("fetched-" + root);
    }

    /** Its blocks have no garbage collection; the folder's files are deleted under it, which it takes as absent blocks. */
    @Override
    public void forget(String root) {
        Folders.delete(fetched(root));
        Path blocks = folder.resolve("blocks");
        if (java.nio.file.Files.isDirectory(blocks)) {
            Folders.files(blocks).forEach(Folders::delete);
        }
    }

    private static ObjectNode request(String operation) {
        return JSON.createObjectNode().put("op", operation);
    }

    private JsonNode send(ObjectNode request) {
        try {
            requests.write((request + "\n").getBytes(StandardCharsets.UTF_8));
            requests.flush();
        } catch (IOException e) {
            throw new BenchException("helia: " + request + ": " + e.getMessage(), e);
        }
        JsonNode answer = answer(request.toString());
        if (answer.has("error")) {
            throw new BenchException(
                    "helia: " + request + ": " + answer.get("error").asText());
        }
        return answer;
    }

    private JsonNode answer(String request) {
        try {
            Optional<String> line = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                close();
                throw new BenchException("helia: " + request + ": no answer after " + timeout.toSeconds() + " s");
            }
            if (line.isEmpty()) {
                answers.add(line);
                throw new BenchException("helia: " + request + ": the process ended without an answer; see "
                        + folder.resolve("helia.log"));
            }
            return JSON.readTree(line.get());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new BenchException("helia: " + request + ": interrupted", e);
        } catch (IOException e) {
            throw new BenchException("helia: " + request + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

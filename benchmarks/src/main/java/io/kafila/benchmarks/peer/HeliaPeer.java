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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A Helia peer, driven by one JSON request a line as {@code interop/helia/peer.mjs} says. It has no verb that fetches
 * without writing the file out, so what it fetches lies on disk twice, as blocks and as a file.
 */
final class HeliaPeer implements Peer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final int blockBytes;
    private final Process process;
    private final BufferedReader answers;
    private final OutputStream requests;
    private final String address;

    /** @param home the folder in which Helia is installed */
    HeliaPeer(Path home, Path folder, Site site, PeerOptions options) {
        this.folder = Folders.create(folder);
        this.blockBytes = options.blockBytes();
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
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.requests = process.getOutputStream();
        this.address = answer().path("addresses").path(0).asText();
        if (!address.startsWith("/ip4/" + site.swarmHost() + "/")) {
            close();
            throw new BenchException("helia: listens at " + address + ", want " + site.swarmHost()
                    + "; its peer.mjs is older than that of interop/helia");
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
        JsonNode answer = answer();
        if (answer.has("error")) {
            throw new BenchException(
                    "helia: " + request + ": " + answer.get("error").asText());
        }
        return answer;
    }

    private JsonNode answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new BenchException(
                        "helia: the process ended without an answer; see " + folder.resolve("helia.log"));
            }
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new BenchException("helia: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

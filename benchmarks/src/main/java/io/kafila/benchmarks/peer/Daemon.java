package io.kafila.benchmarks.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.Cleanup;
import io.kafila.benchmarks.content.Digests;
import io.kafila.benchmarks.content.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A daemon with the verbs of {@code ipfs}, Kafila's or Kubo's, in a repo of its own. */
public final class Daemon implements Peer {
    /**
     * What tells one such program from another.
     *
     * @param name what a report calls it
     * @param program the program's path
     * @param initProfiles profiles to apply to a new repo, besides the CID profile
     * @param environment variables of every process
     */
    public record Kind(String name, Path program, List<String> initProfiles, Map<String, String> environment) {
        public Kind {
            initProfiles = List.copyOf(initProfiles);
            environment = Map.copyOf(environment);
        }
    }

    private final Kind kind;
    private final Path repo;
    private final Site site;
    private final PeerOptions options;
    private final Service service;
    private final Rpc rpc;

    private Daemon(Kind kind, Path repo, Site site, PeerOptions options, Service service) {
        this.kind = kind;
        this.repo = repo;
        this.site = site;
        this.options = options;
        this.service = service;
        this.rpc = new Rpc(kind.name(), read(repo.resolve("api")), options.timeout());
    }

    /** Makes a repo at a path that does not exist and starts a daemon on it. */
    public static Daemon start(Kind kind, Path repo, Site site, PeerOptions options) {
        initialise(kind, repo, site, options);
        List<String> words = site.command(List.of(kind.program().toString(), "daemon"));
        Service service = Service.start(
                kind.name(), words, environment(kind, repo), repo.resolveSibling(repo.getFileName() + ".log"));
        service.awaitPrinted("Daemon is ready");
        try {
            return new Daemon(kind, repo, site, options, service);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    /** Makes a repo without starting a daemon. */
    public static void initialise(Kind kind, Path repo, Site site, PeerOptions options) {
        List<String> profiles = new ArrayList<>(kind.initProfiles());
        profiles.add(options.profile());
        new Command(
                        List.of(kind.program().toString(), "init", "--profile=" + String.join(",", profiles)),
                        environment(kind, repo),
                        options.timeout())
                .run();
        DaemonConfig.isolate(repo, site, options);
    }

    /** The environment of every command on a repo. */
    public static Map<String, String> environment(Kind kind, Path repo) {
        Map<String, String> all = new LinkedHashMap<>(kind.environment());
        all.put("IPFS_PATH", repo.toString());
        all.put("KAFILA_PATH", repo.toString());
        return all;
    }

    /** A command of its own command line, at its own site. */
    public Command command(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(kind.program().toString());
        words.addAll(Arrays.asList(arguments));
        return new Command(site.command(words), environment(kind, repo), options.timeout());
    }

    public Rpc rpc() {
        return rpc;
    }

    public Path repo() {
        return repo;
    }

    @Override
    public String name() {
        return kind.name();
    }

    @Override
    public Set<Long> pids() {
        return service.pids();
    }

    @Override
    public boolean alive() {
        return service.alive();
    }

    @Override
    public String hold(Path content) {
        return Files.isDirectory(content)
                ? command("add", "-r", "-Q", "--progress=false", content.toString())
                        .run()
                : command("add", "-Q", "--progress=false", content.toString()).run();
    }

    /** Adds a file without a copy. */
    public String holdWithoutCopy(Path file) {
        return command("add", "-Q", "--progress=false", "--nocopy", file.toString())
                .run();
    }

    @Override
    public String address() {
        for (JsonNode address : rpc.call("id").path("Addresses")) {
            if (address.asText().startsWith("/ip4/" + site.swarmHost() + "/tcp/")) {
                return address.asText();
            }
        }
        throw new BenchException(name() + ": no TCP address at " + site.swarmHost() + " among those of its id");
    }

    @Override
    public void connect(String address) {
        rpc.call("swarm/connect?arg=" + Rpc.quoted(address));
    }

    @Override
    public void disconnect(String address) {
        String id = address.substring(address.lastIndexOf('/') + 1);
        for (JsonNode peer : rpc.call("swarm/peers").path("Peers")) {
            if (peer.path("Peer").asText().equals(id)) {
                rpc.call("swarm/disconnect?arg=" + Rpc.quoted("/p2p/" + id));
            }
        }
    }

    /** Stops its process where it is; its connections stay open and nobody answers. */
    public void suspend() {
        signal("STOP");
    }

    /** Lets it go on. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        for (long pid : pids()) {
            new Command(
                            List.of("sh", "-c", "kill -" + name + " \"$1\"", "sh", Long.toString(pid)),
                            Map.of(),
                            options.timeout())
                    .run();
        }
    }

    @Override
    public void fetch(String root) {
        JsonNode answer = rpc.call("pin/add?arg=" + root + "&progress=false");
        if (!answer.path("Pins").path(0).asText().equals(root)) {
            throw new BenchException(name() + " pin add " + root + ": answered " + answer);
        }
    }

    @Override
    public String digest(String root, Path scratch) {
        if (!isFolder(root)) {
            try (InputStream in = rpc.stream("cat?arg=" + root)) {
                return Digests.of(in);
            } catch (IOException e) {
                throw new BenchException(name() + " cat " + root + ": " + e.getMessage(), e);
            }
        }
        try {
            command("get", "-o", scratch.toString(), root).runQuietly();
            return Digests.of(scratch);
        } finally {
            Folders.delete(scratch);
        }
    }

    /** Of a folder's links each has a name, of a file's none. */
    private boolean isFolder(String root) {
        return !links(root).path(0).path("Name").asText().isEmpty();
    }

    private JsonNode links(String root) {
        return rpc.call("ls?arg=" + root + "&resolve-type=false&size=false")
                .path("Objects")
                .path(0)
                .path("Links");
    }

    /** What is not pinned, since its fetch failed, is collected all the same. */
    @Override
    public void forget(String root) {
        forget(List.of(root));
    }

    /** Gives up several names at once; one that is not pinned keeps none of the others. */
    public void forget(List<String> roots) {
        List<Cleanup> steps = new ArrayList<>();
        roots.forEach(root -> steps.add(() -> unpin(root)));
        steps.add(this::collect);
        Cleanup.all(steps).close();
    }

    /** The Cids of a folder's entries. */
    public List<String> entries(String folder) {
        List<String> cids = new ArrayList<>();
        links(folder).forEach(link -> cids.add(link.path("Hash").asText()));
        return cids;
    }

    /** Lets garbage collection take a root. */
    private void unpin(String root) {
        rpc.call("pin/rm?arg=" + root);
    }

    /** Gives up whatever is not pinned. */
    public void collect() {
        rpc.call("repo/gc?quiet=true");
    }

    @Override
    public void close() {
        service.close();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

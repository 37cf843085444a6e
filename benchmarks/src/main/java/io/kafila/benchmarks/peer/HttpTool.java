package io.kafila.benchmarks.peer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A download over plain HTTP: a static file server in a JVM of its own, and {@code curl} into a file, then its
 * SHA-256 by a command, and {@code sync} of it. What it sends is neither encrypted nor verified on the way.
 */
final class HttpTool extends Tool {
    private final int port = freePort();
    private final String hasher;
    private final Service server;

    /** @param hasher the command that hashes the file whose path is put after it */
    HttpTool(Path folder, Site site, PeerOptions options, String hasher) {
        super("http", folder, site, options);
        this.hasher = hasher;
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        server = Service.start(
                        "http",
                        site.command(List.of(
                                java.toString(),
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                FileServer.class.getName(),
                                site.swarmHost(),
                                Integer.toString(port),
                                served().toString())),
                        Map.of(),
                        folder.resolve("server.log"))
                .awaitPrinted(FileServer.READY);
    }

    /** The fastest command that hashes a file: that of coreutils mostly takes no advantage of the processor's instructions. */
    static String hasher(boolean openssl) {
        return openssl ? "openssl dgst -sha256 -r" : "sha256sum";
    }

    @Override
    public Set<Long> pids() {
        return server.pids();
    }

    @Override
    public boolean alive() {
        return server.alive();
    }

    @Override
    public String address() {
        return "http://" + site().swarmHost() + ":" + port + "/";
    }

    @Override
    public void fetch(String root) {
        String to = fetched().resolve(root).toString();
        String script = "curl -sS --fail -o \"$2\" \"$1\" && " + hasher + " \"$2\" >/dev/null && sync -d \"$2\"";
        new Command(
                        site().command(List.of("sh", "-c", script, "sh", source() + root, to)),
                        Map.of(),
                        options().timeout())
                .runQuietly();
    }

    @Override
    public void close() {
        server.close();
    }
}

package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A copy by {@code rsync} from a daemon of its own, forced to disk. What it sends is not encrypted, and is checked by its
 * own checksum.
 */
final class RsyncTool extends Tool {
    private final int port = freePort();
    private final Service server;

    RsyncTool(Path folder, Site site, PeerOptions options) {
        super("rsync", folder, site, options);
        Path config = folder.resolve("rsyncd.conf");
        try {
            Files.writeString(config, """
                    use chroot = no
                    [content]
                    path = %s
                    read only = yes
                    """.formatted(served()));
        } catch (IOException e) {
            throw new BenchException("rsync: " + e.getMessage(), e);
        }
        server = Service.start(
                        "rsync",
                        site.command(List.of(
                                "rsync",
                                "--daemon",
                                "--no-detach",
                                "--config=" + config,
                                "--address=" + site.swarmHost(),
                                "--port=" + port,
                                "--log-file=/dev/stdout")),
                        Map.of(),
                        folder.resolve("server.log"))
                .awaitPrinted("starting, listening on port " + port);
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
    public String hold(Path content) {
        if (!Files.isDirectory(content)) {
            return super.hold(content);
        }
        try {
            Path folder = Files.createDirectory(served().resolve(content.getFileName()));
            try (var files = Files.newDirectoryStream(content)) {
                for (Path file : files) {
                    Files.createLink(folder.resolve(file.getFileName()), file);
                }
            }
        } catch (IOException e) {
            throw new BenchException("rsync: cannot offer " + content + ": " + e.getMessage(), e);
        }
        return content.getFileName().toString();
    }

    @Override
    public String address() {
        return "rsync://" + site().swarmHost() + ":" + port + "/content/";
    }

    @Override
    public void fetch(String root) {
        new Command(
                        site().command(List.of(
                                "rsync", "-r", "--whole-file", "--fsync", source() + root, fetched() + "/")),
                        Map.of(),
                        options().timeout())
                .runQuietly();
    }

    @Override
    public void close() {
        server.close();
    }
}

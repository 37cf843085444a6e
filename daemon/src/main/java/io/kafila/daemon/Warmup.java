package io.kafila.daemon;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.PrivateKey;
import io.kafila.node.Repo;
import io.kafila.node.config.Config;
import io.kafila.node.config.ConfigFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts a daemon in a temporary repo on loopback, asks it a few things and stops it, so that the JVM sees the classes of
 * a usual run; the launcher records them in a class-data-sharing archive. Of no other use.
 */
final class Warmup {
    private static final int TRIES = 200;
    private static final long PAUSE_MS = 50;

    private Warmup() {}

    /** Ends the process with 0 where all went well. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("kafila-warmup");
        boolean well;
        try {
            well = run(home);
        } finally {
            delete(home);
        }
        System.exit(well ? 0 : 1);
    }

    private static boolean run(Path home) throws IOException, InterruptedException {
        Path repo = home.resolve("repo");
        Config config = Repo.initialise(repo, PrivateKey.generate(KeyType.ED25519, new SecureRandom()), List.of("test"))
                .config()
                .with("Addresses.Swarm", List.of("/ip4/127.0.0.1/tcp/0"))
                .with("Addresses.API", Config.parseValue("\"/ip4/127.0.0.1/tcp/0\""))
                .with("Bootstrap", List.of());
        ConfigFile.in(repo).write(config);
        Map<String, String> variables = new HashMap<>();
        variables.put("KAFILA_PATH", repo.toString());
        Path file = Files.write(home.resolve("file"), new byte[1 << 20]);

        Thread daemon = new Thread(() -> Main.execute(List.of("daemon"), variables), "warmup-daemon");
        daemon.start();
        for (int i = 0; i < TRIES && !Files.exists(repo.resolve("api")); i++) {
            Thread.sleep(PAUSE_MS);
        }
        boolean well = Main.execute(List.of("id"), variables) == 0
                && Main.execute(List.of("add", "-Q", file.toString()), variables) == 0
                && Main.execute(List.of("pin", "ls"), variables) == 0
                && Main.execute(List.of("swarm", "peers"), variables) == 0
                && Main.execute(List.of("shutdown"), variables) == 0;
        daemon.join(TRIES * PAUSE_MS);
        return well;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, IOException fault) throws IOException {
                Files.deleteIfExists(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

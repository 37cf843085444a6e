package io.kafila.benchmarks;

import io.kafila.benchmarks.peer.Command;
import io.kafila.benchmarks.peer.Competitor;
import io.kafila.benchmarks.peer.DaemonCompetitor;
import io.kafila.benchmarks.peer.Lineup;
import io.kafila.benchmarks.scenario.Imports;
import io.kafila.benchmarks.scenario.Reads;
import io.kafila.node.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for the versions of what takes part.
 *
 * @param launcher Kafila's
 * @param javaHome JDK of Kafila's daemons, where it is not that of the harness
 */
record Versions(Path launcher, Optional<Path> javaHome) {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String UNKNOWN = "unknown";
    /** Lanes that do their work in the harness' own JVM, whatever JDK the daemons have. */
    private static final List<String> OF_THE_HARNESS = List.of(Reads.READER, Reads.PLAIN, Imports.HASH_ALONE);

    /** @param helia the folder in which it is installed */
    Map<String, String> of(Lineup lineup, Optional<Path> helia) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("kafila", Version.current());
        all.put("commit", commit());
        String own = System.getProperty("java.vm.version");
        all.put("jdk", javaHome.map(Versions::release).orElse(own));
        if (javaHome.isPresent()) {
            all.put("jdk of " + String.join(", ", OF_THE_HARNESS) + " and the bounds", own);
        }
        for (DaemonCompetitor each : lineup.kubo()) {
            all.put(each.name(), ask(List.of(each.program().toString(), "version", "-n")));
        }
        for (Competitor each : lineup.others()) {
            switch (each.name()) {
                case "rsync" -> all.put("rsync", firstLine("rsync", "--version"));
                case "http" -> {
                    all.put("curl", firstLine("curl", "--version"));
                    String openssl = ask(List.of("openssl", "version"));
                    all.put("http is hashed by", openssl.equals(UNKNOWN) ? "sha256sum" : openssl);
                }
                case "helia" -> {
                    all.put("helia", helia.map(Versions::helia).orElse(UNKNOWN));
                    all.put("node", firstLine("node", "--version"));
                }
                default -> {}
            }
        }
        return all;
    }

    private String commit() {
        Path home = launcher.toAbsolutePath().getParent();
        return home != null && Files.exists(home.resolve(".git"))
                ? ask(List.of(
                        "git", "-C", home.toString(), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"))
                : "none";
    }

    private static String helia(Path home) {
        Path manifest = home.resolve("node_modules/helia/package.json").toAbsolutePath();
        return ask(List.of("node", "-p", "require(process.argv[1]).version", manifest.toString()));
    }

    private static String release(Path home) {
        return ask(List.of(
                "sed",
                "-n",
                "s/^JAVA_VERSION=\"\\(.*\\)\"/\\1/p",
                home.resolve("release").toString()));
    }

    private static String firstLine(String... words) {
        return ask(List.of(words)).lines().findFirst().orElse(UNKNOWN);
    }

    private static String ask(List<String> words) {
        try {
            return new Command(words, Map.of(), TIMEOUT).run();
        } catch (BenchException e) {
            return UNKNOWN;
        }
    }
}

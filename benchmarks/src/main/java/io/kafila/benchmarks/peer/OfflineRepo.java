package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Digests;
import io.kafila.benchmarks.content.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A repo on which the competitor's commands work by themselves, without a daemon. */
public final class OfflineRepo implements Peer {
    private final Daemon.Kind kind;
    private final Path repo;
    private final PeerOptions options;

    private OfflineRepo(Daemon.Kind kind, Path repo, PeerOptions options) {
        this.kind = kind;
        this.repo = repo;
        this.options = options;
    }

    /** The competitor whose peers are such repos. */
    public static Competitor of(DaemonCompetitor competitor) {
        return Competitor.of(competitor.name(), (folder, site, options) -> {
            Daemon.Kind kind = competitor.kind(options);
            Daemon.initialise(kind, folder, site, options);
            return new OfflineRepo(kind, folder, options);
        });
    }

    private Command command(String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(kind.program().toString());
        words.addAll(List.of(arguments));
        return new Command(words, Daemon.environment(kind, repo), options.timeout());
    }

    @Override
    public String name() {
        return kind.name();
    }

    @Override
    public Set<Long> pids() {
        return Set.of();
    }

    @Override
    public boolean alive() {
        return true;
    }

    @Override
    public String hold(Path content) {
        return Files.isDirectory(content)
                ? command("add", "-r", "-Q", "--progress=false", content.toString())
                        .run()
                : command("add", "-Q", "--progress=false", content.toString()).run();
    }

    @Override
    public String address() {
        throw new BenchException(name() + " without a daemon has no address");
    }

    @Override
    public void connect(String address) {
        throw new BenchException(name() + " without a daemon connects to nobody");
    }

    @Override
    public void fetch(String root) {
        throw new BenchException(name() + " without a daemon fetches nothing");
    }

    @Override
    public String digest(String root, Path scratch) {
        try {
            command("get", "-o", scratch.toString(), root).runQuietly();
            return Digests.of(scratch);
        } finally {
            Folders.delete(scratch);
        }
    }

    @Override
    public void forget(String root) {
        command("pin", "rm", root).runQuietly();
        command("repo", "gc", "-q").runQuietly();
    }

    @Override
    public void close() {}
}

package io.kafila.benchmarks.peer;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.content.Digests;
import io.kafila.multiformats.Cid;
import io.kafila.node.KafilaNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Set;

/** A Kafila node without a network in the harness' own JVM, for what a library reads. */
public final class EmbeddedKafila implements Peer {
    private final KafilaNode node;
    private boolean closed;

    private EmbeddedKafila(Path repo) {
        this.node = KafilaNode.builder().repo(repo).offline().start();
    }

    /** The competitor whose peers are such nodes. */
    public static Competitor competitor(String name) {
        return Competitor.of(name, (folder, site, options) -> new EmbeddedKafila(folder));
    }

    /** A stored file for random access; it blocks its reader. The caller closes it. */
    public SeekableByteChannel open(String root) {
        return node.files().open(Cid.parse(root)).join();
    }

    @Override
    public String name() {
        return "kafila";
    }

    @Override
    public Set<Long> pids() {
        return Set.of();
    }

    @Override
    public boolean alive() {
        return !closed;
    }

    @Override
    public String hold(Path content) {
        return node.files().add(content).join().toString();
    }

    @Override
    public String address() {
        throw new BenchException("a node without a network has no address");
    }

    @Override
    public void connect(String address) {
        throw new BenchException("a node without a network connects to nobody");
    }

    @Override
    public void fetch(String root) {
        throw new BenchException("a node without a network fetches nothing");
    }

    @Override
    public String digest(String root, Path scratch) {
        try (InputStream in = Channels.newInputStream(open(root))) {
            return Digests.of(in);
        } catch (IOException e) {
            throw new BenchException("kafila: read " + root + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void forget(String root) {
        node.pins().remove(Cid.parse(root), true).join();
        node.storage().collectGarbage(removed -> {}).join();
    }

    @Override
    public void close() {
        closed = true;
        node.close();
    }
}

package io.kafila.node;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PrivateKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The short way to a node; {@link NodeOptions} is the whole one. Confined to one thread. */
public final class NodeBuilder {
    private @Nullable Path repo;
    private @Nullable PrivateKey identity;
    private boolean online = true;
    private final List<Multiaddr> listen = new ArrayList<>();

    NodeBuilder() {}

    /**
     * Keeps blocks, identity and settings in a folder, which is made where it is missing; else all is in memory. Without {@link
     * #listen} the node keeps to loopback and looks for nobody, whatever the settings say of that.
     */
    public NodeBuilder repo(Path folder) {
        this.repo = folder;
        return this;
    }

    /** The key of a node in memory; a fresh Ed25519 key by default. A repo has its own. */
    public NodeBuilder identity(PrivateKey key) {
        this.identity = key;
        return this;
    }

    /** Listens at addresses such as {@code /ip4/0.0.0.0/tcp/4001}, in place of a free port on loopback. */
    public NodeBuilder listen(String... addresses) {
        for (String address : addresses) {
            listen.add(Multiaddr.parse(address));
        }
        return this;
    }

    /** A node without a network. */
    public NodeBuilder offline() {
        this.online = false;
        return this;
    }

    public KafilaNode start() {
        PrivateKey key = identity != null ? identity : PrivateKey.generate(KeyType.ED25519, new SecureRandom());
        NodeOptions options = NodeOptions.defaults(key);
        if (repo != null) {
            Repo folder = Repo.exists(repo) ? Repo.read(repo) : Repo.initialise(repo, key, List.of());
            options = folder.options();
            if (listen.isEmpty()) {
                options = options.withNetwork(options.network().apart()).withRouting(NodeOptions.Routing.NONE);
            }
        }
        if (!listen.isEmpty()) {
            options = options.withNetwork(options.network().withListen(listen));
        }
        return KafilaNode.start(options.withOnline(online));
    }
}

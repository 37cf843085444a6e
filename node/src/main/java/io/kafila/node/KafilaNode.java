package io.kafila.node;

import io.kafila.bitswap.Bitswap;
import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.exchange.BlockSource;
import io.kafila.blockstore.exchange.FetchOptions;
import io.kafila.dag.Codecs;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.PeerId;
import io.kafila.node.internal.NodeBlockSource;
import io.kafila.node.internal.Parts;
import io.kafila.node.internal.ProvideFeed;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A peer of the IPFS network inside this JVM.
 *
 * <p>Ready when built; {@link #close} stops serving, closes the connections, then the store, and is idempotent. Many
 * nodes may live in one JVM. Thread-safe.
 */
public final class KafilaNode implements AutoCloseable {
    private final Parts parts;
    private final Files files;
    private final Blocks blocks;
    private final Dag dag;
    private final Archives archives;
    private final Pins pins;
    private final Storage storage;
    private final Swarm swarm;
    private final Routing routing;
    private final Keys keys;
    private final Names names;

    private KafilaNode(Parts parts) {
        this.parts = parts;
        Codecs codecs = parts.codecs();
        this.swarm = new Swarm(parts.host(), parts.peering());
        this.routing = new Routing(parts);
        this.keys = new Keys(parts.options().identity(), parts.names().keys());
        this.names = new Names(parts);
        this.pins = new Pins(this, parts.repository(), codecs);
        this.blocks = new Blocks(this, parts.repository());
        this.dag = new Dag(this, parts);
        this.archives = new Archives(this, parts);
        this.files = new Files(this, parts);
        this.storage = new Storage(parts.repository(), codecs);
    }

    /** A builder whose defaults are a node in memory with a fresh identity that listens on loopback. */
    public static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /**
     * Starts a node.
     *
     * @throws RuntimeException where something cannot be opened; all that was opened is closed again
     */
    public static KafilaNode start(NodeOptions options) {
        return new KafilaNode(Parts.open(options));
    }

    public PeerId peerId() {
        return parts.options().identity().publicKey().peerId();
    }

    public NodeOptions options() {
        return parts.options();
    }

    /** Adds files and folders, and reads them. */
    public Files files() {
        return files;
    }

    public Blocks blocks() {
        return blocks;
    }

    /** Nodes of any codec and graphs. */
    public Dag dag() {
        return dag;
    }

    /** CAR archives in and out. */
    public Archives archives() {
        return archives;
    }

    public Pins pins() {
        return pins;
    }

    /** Garbage collection, verification and figures of the store. */
    public Storage storage() {
        return storage;
    }

    public Swarm swarm() {
        return swarm;
    }

    /** The keys that names are published with. */
    public Keys keys() {
        return keys;
    }

    /** IPNS and DNSLink. */
    public Names names() {
        return names;
    }

    /** @throws OfflineException where there is no network */
    public Bitswap bitswap() {
        Bitswap bitswap = parts.bitswap();
        if (bitswap == null) {
            throw new OfflineException();
        }
        return bitswap;
    }

    /** Providers, peers and values of the network. */
    public Routing routing() {
        return routing;
    }

    /** Blocks from the store, then from the network, for one piece of work. The caller closes it. */
    public BlockSource source() {
        return new NodeBlockSource(
                parts.repository(),
                parts.bitswap(),
                new FetchOptions(parts.options().fetchBudgetBytes()));
    }

    /** Blocks from the store alone. The caller closes it. */
    public BlockSource localSource() {
        return new NodeBlockSource(parts.repository(), null, FetchOptions.DEFAULT);
    }

    /** The repository below. */
    public BlockRepository repository() {
        return parts.repository();
    }

    /** Bounded, for hashing and short pieces of work. */
    Executor workers() {
        return parts.workers();
    }

    /** Threads that may block on files and streams. */
    Executor blocking() {
        return parts.blocking();
    }

    /** Gives new blocks to peers that wait for them. */
    CompletableFuture<Void> announce(Collection<Cid> cids) {
        Bitswap bitswap = parts.bitswap();
        if (bitswap != null) {
            bitswap.notifyNewBlocks(cids);
        }
        ProvideFeed feed = parts.feed();
        if (feed != null) {
            feed.onBlocks(cids);
        }
        return CompletableFuture.completedFuture(null);
    }

    /** Tells the DHT of what is kept now. */
    void pinned(Cid root, boolean recursive) {
        ProvideFeed feed = parts.feed();
        if (feed != null) {
            feed.onPinned(root, recursive);
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}

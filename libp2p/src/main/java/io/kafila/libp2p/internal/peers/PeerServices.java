package io.kafila.libp2p.internal.peers;

import io.kafila.libp2p.BandwidthCounter;
import io.kafila.libp2p.ConnectionFilter;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.Peerstore;
import io.kafila.libp2p.ResourceLimits;
import io.kafila.libp2p.ResourceManager;
import io.kafila.libp2p.internal.host.HostServices;
import io.kafila.libp2p.internal.limits.ResourceAccounts;
import io.kafila.libp2p.internal.limits.ResourceScopes;
import io.kafila.multiformats.PeerId;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The peerstore, filter, limits and meters of one host. Thread-safe. */
public final class PeerServices implements HostServices {
    private final ResourceAccounts accounts;
    private final PeerBook book;
    private final AccessList filter = new AccessList();
    private final BandwidthMeters meters;

    /**
     * Loads the peers of {@code datastore}, which blocks.
     *
     * @param writer runs the writes to {@code datastore}; must outlive {@link #close} or have run all it took
     */
    public PeerServices(
            ResourceLimits limits, Datastore datastore, Clock clock, LongSupplier nanoTime, Executor writer) {
        this.accounts = new ResourceAccounts(limits);
        this.book = new PeerBook(datastore, clock, writer);
        this.meters = new BandwidthMeters(nanoTime);
    }

    @Override
    public Peerstore peerstore() {
        return book;
    }

    @Override
    public ConnectionFilter filter() {
        return filter;
    }

    @Override
    public ResourceManager resources() {
        return accounts;
    }

    @Override
    public BandwidthCounter bandwidth() {
        return meters;
    }

    @Override
    public ResourceScopes scopes() {
        return accounts;
    }

    @Override
    public void onIdentified(PeerId peer, IdentifyInfo info) {
        book.identified(peer, info);
    }

    @Override
    public void onSent(PeerId peer, String protocol, int bytes) {
        meters.sent(peer, protocol, bytes);
    }

    @Override
    public void onReceived(PeerId peer, String protocol, int bytes) {
        meters.received(peer, protocol, bytes);
    }

    /** Writes what the peerstore holds back. */
    @Override
    public void close() {
        book.close();
    }
}

package io.kafila.libp2p.internal.limits;

import io.kafila.libp2p.Connection.Direction;
import io.kafila.libp2p.ResourceLimits;
import io.kafila.libp2p.ResourceLimits.Limit;
import io.kafila.libp2p.ResourceManager;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of one host. Thread-safe: one lock, held for a few additions.
 *
 * <p>The accounts of peers and protocols exist while something is entered in them. What an account that is gone refused stays
 * in the sums {@code peers}, {@code connections} and {@code streams}; a protocol's account stays, for protocols are this
 * host's own choice and few.
 */
public final class ResourceAccounts implements ResourceScopes, ResourceManager {
    private final Object lock = new Object();
    private final ResourceLimits limits;
    private final Account system;
    private final Account pending;
    private final Map<PeerId, PeerAccounts> peers = new HashMap<>();
    private final Map<String, Account> protocols = new HashMap<>();
    private final RemoteAddresses addresses;
    private long addressRefusals;
    private long peerRefusals;
    private long connectionRefusals;
    private long streamRefusals;

    public ResourceAccounts(ResourceLimits limits) {
        this.limits = limits;
        this.system = new Account("system", limits.system());
        this.pending = new Account("transient", limits.pending());
        this.addresses = new RemoteAddresses(limits.connectionsPerAddress());
    }

    @Override
    public ConnectionScope openConnection(Direction direction, Multiaddr remote) {
        ByteBuffer host = direction == Direction.INBOUND ? RemoteAddresses.host(remote) : null;
        synchronized (lock) {
            if (host != null && addresses.isFull(host)) {
                addressRefusals++;
                throw new ResourceLimitException("address " + remote + ": " + (addresses.most() + 1)
                        + " inbound connections, want at most " + addresses.most());
            }
            enter(List.of(pending, system), Amount.connection(direction));
            if (host != null) {
                addresses.add(host);
            }
            return new ConnectionAccount(direction, host);
        }
    }

    @Override
    public Map<String, Usage> usage() {
        Map<String, Usage> usage = new TreeMap<>();
        synchronized (lock) {
            usage.put("system", system.usage());
            usage.put("transient", pending.usage());
            long refusedToPeers = peerRefusals;
            for (Map.Entry<PeerId, PeerAccounts> peer : peers.entrySet()) {
                usage.put("peer:" + peer.getKey(), peer.getValue().total.usage());
                refusedToPeers += peer.getValue().refusals();
            }
            protocols.forEach((id, account) -> usage.put("protocol:" + id, account.usage()));
            usage.put("peers", sum(refusedToPeers));
            usage.put("connections", sum(connectionRefusals));
            usage.put("streams", sum(streamRefusals));
            usage.put("addresses", sum(addressRefusals));
        }
        return usage;
    }

    private static Usage sum(long refusals) {
        return new Usage(0, 0, 0, 0, refusals);
    }

    /** Adds to all accounts, or to none and throws. */
    private static void enter(List<Account> accounts, Amount amount) {
        String refusal = tryEnter(accounts, amount);
        if (refusal != null) {
            throw new ResourceLimitException(refusal);
        }
    }

    private static @Nullable String tryEnter(List<Account> accounts, Amount amount) {
        for (Account account : accounts) {
            String refusal = account.refusal(amount);
            if (refusal != null) {
                return refusal;
            }
        }
        accounts.forEach(account -> account.add(amount));
        return null;
    }

    private static void requirePositive(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("resources: " + bytes + " bytes, want none negative");
        }
    }

    private void forgetIfEmpty(PeerId peer) {
        PeerAccounts accounts = peers.get(peer);
        if (accounts != null && accounts.total.held().isNone()) {
            peerRefusals += accounts.refusals();
            peers.remove(peer);
        }
    }

    private PeerAccounts newPeer(PeerId peer) {
        String name = "peer:" + peer;
        Limit share =
                new Limit(0, 0, limits.pendingStreamsPerPeer(), limits.pending().outboundStreams(), 0);
        return new PeerAccounts(new Account(name, limits.peer()), new Account("transient of " + name, share));
    }

    /**
     * What one peer holds.
     *
     * @param total with all of its connections and streams
     * @param pending the number of its streams without a protocol
     */
    private record PeerAccounts(Account total, Account pending) {
        long refusals() {
            return total.refusals() + pending.refusals();
        }
    }

    private final class ConnectionAccount implements ConnectionScope {
        private final Direction direction;
        private final @Nullable ByteBuffer host;
        private final Account own = new Account("connection", limits.connection());
        private final Set<StreamAccount> streams = new HashSet<>();
        private @Nullable PeerId peer;
        private @Nullable PeerAccounts peerAccounts;
        private Account owner = pending;
        private boolean closed;

        ConnectionAccount(Direction direction, @Nullable ByteBuffer host) {
            this.direction = direction;
            this.host = host;
        }

        /** What it holds in its owner's account: itself, its memory, and the streams with theirs. */
        private Amount total() {
            return own.held().plus(Amount.connection(direction));
        }

        @Override
        public void setPeer(PeerId identity) {
            synchronized (lock) {
                if (closed || peer != null) {
                    throw new IllegalStateException("resources: the connection is closed or has a peer already");
                }
                if (!streams.isEmpty()) {
                    throw new IllegalStateException("resources: streams before the peer is known");
                }
                PeerAccounts accounts = peers.computeIfAbsent(identity, ResourceAccounts.this::newPeer);
                try {
                    enter(List.of(accounts.total), total());
                } catch (ResourceLimitException e) {
                    forgetIfEmpty(identity);
                    throw e;
                }
                pending.subtract(total());
                owner = accounts.total;
                peerAccounts = accounts;
                peer = identity;
            }
        }

        @Override
        public StreamScope openStream(Direction streamDirection) {
            synchronized (lock) {
                PeerAccounts accounts = peerAccounts;
                if (closed || accounts == null) {
                    throw new IllegalStateException("resources: the connection is closed or has no peer yet");
                }
                long before = own.refusals();
                try {
                    enter(List.of(own, accounts.pending, pending, owner, system), Amount.stream(streamDirection));
                } finally {
                    connectionRefusals += own.refusals() - before;
                }
                StreamAccount stream = new StreamAccount(this, accounts.pending, streamDirection);
                streams.add(stream);
                return stream;
            }
        }

        @Override
        public boolean tryReserve(long bytes) {
            requirePositive(bytes);
            synchronized (lock) {
                if (closed) {
                    return false;
                }
                long before = own.refusals();
                boolean entered = tryEnter(List.of(own, owner, system), Amount.memory(bytes)) == null;
                connectionRefusals += own.refusals() - before;
                return entered;
            }
        }

        @Override
        public void release(long bytes) {
            requirePositive(bytes);
            synchronized (lock) {
                if (!closed) {
                    Amount amount = Amount.memory(bytes);
                    own.subtract(amount);
                    owner.subtract(amount);
                    system.subtract(amount);
                }
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (closed) {
                    return;
                }
                List.copyOf(streams).forEach(StreamAccount::close);
                closed = true;
                owner.subtract(total());
                system.subtract(total());
                if (host != null) {
                    addresses.remove(host);
                }
                if (peer != null) {
                    forgetIfEmpty(peer);
                }
            }
        }
    }

    private final class StreamAccount implements StreamScope {
        private final ConnectionAccount connection;
        private final Account peerPending;
        private final Amount itself;
        private final Account own;
        private Account owner = pending;
        private boolean named;
        private boolean closed;

        StreamAccount(ConnectionAccount connection, Account peerPending, Direction direction) {
            this.connection = connection;
            this.peerPending = peerPending;
            this.itself = Amount.stream(direction);
            this.own = new Account("stream", new Limit(0, 0, 1, 1, limits.streamMemoryBytes()));
            own.add(itself);
        }

        private List<Account> others() {
            return List.of(connection.own, owner, connection.owner, system);
        }

        @Override
        public void setProtocol(String protocol) {
            synchronized (lock) {
                if (closed || named) {
                    throw new IllegalStateException("resources: the stream is closed or has a protocol already");
                }
                Account account = protocols.computeIfAbsent(
                        protocol, id -> new Account("protocol:" + id, limits.protocolLimit(id)));
                enter(List.of(account), own.held());
                pending.subtract(own.held());
                peerPending.subtract(itself);
                owner = account;
                named = true;
            }
        }

        @Override
        public boolean tryReserve(long bytes) {
            requirePositive(bytes);
            synchronized (lock) {
                if (closed) {
                    return false;
                }
                Amount amount = Amount.memory(bytes);
                long before = own.refusals();
                long connectionBefore = connection.own.refusals();
                boolean entered = own.refusal(amount) == null && tryEnter(others(), amount) == null;
                streamRefusals += own.refusals() - before;
                connectionRefusals += connection.own.refusals() - connectionBefore;
                if (entered) {
                    own.add(amount);
                }
                return entered;
            }
        }

        @Override
        public void release(long bytes) {
            requirePositive(bytes);
            synchronized (lock) {
                if (!closed) {
                    Amount amount = Amount.memory(bytes);
                    own.subtract(amount);
                    others().forEach(account -> account.subtract(amount));
                }
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (closed) {
                    return;
                }
                closed = true;
                others().forEach(account -> account.subtract(own.held()));
                if (!named) {
                    peerPending.subtract(itself);
                }
                connection.streams.remove(this);
            }
        }
    }
}

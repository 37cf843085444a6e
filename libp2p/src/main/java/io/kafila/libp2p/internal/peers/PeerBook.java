package io.kafila.libp2p.internal.peers;

import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.Datastore.Entry;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.Peerstore;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peerstore: addresses with their expiry, loaded at construction and written behind; what identify told is kept in
 * memory only. The peer that was not asked for longest makes room for a new one; the address that expires first, for a new
 * address. Thread-safe.
 */
public final class PeerBook implements Peerstore, AutoCloseable {
    /** The most addresses kept of one peer. */
    public static final int MAX_ADDRESSES = 64;

    /** The most peers; with 64 addresses of 50 bytes each they would take some 30 MiB, in practice a tenth. */
    public static final int MAX_PEERS = 4096;

    /** Peers written in one batch or read in one scan. */
    static final int BATCH_PEERS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(PeerBook.class);
    private static final byte[] PREFIX = "/peers/addresses/".getBytes(StandardCharsets.US_ASCII);

    private static final class Known {
        private final Map<Multiaddr, Long> expiryMs = new LinkedHashMap<>();
        private @Nullable IdentifyInfo info;
    }

    private final Object lock = new Object();
    private final Object writeLock = new Object();
    private final Datastore datastore;
    private final Clock clock;
    private final Executor writer;
    private final LinkedHashMap<PeerId, Known> peers = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<PeerId> dirty = new LinkedHashSet<>();
    private boolean writing;

    /** @param writer runs the writes to {@code datastore}, which block */
    public PeerBook(Datastore datastore, Clock clock, Executor writer) {
        this.datastore = datastore;
        this.clock = clock;
        this.writer = writer;
        load();
    }

    @Override
    public void addAddresses(PeerId peer, Collection<Multiaddr> addresses, Duration ttl) {
        if (addresses.isEmpty() || ttl.isNegative() || ttl.isZero()) {
            return;
        }
        long now = clock.millis();
        long expiry =
                ttl.compareTo(Duration.ofMillis(Long.MAX_VALUE - now)) > 0 ? Long.MAX_VALUE : now + ttl.toMillis();
        synchronized (lock) {
            Known known = known(peer);
            for (Multiaddr address : addresses) {
                known.expiryMs.merge(address.withoutPeerId(), expiry, Math::max);
            }
            known.expiryMs.values().removeIf(at -> at <= now);
            while (known.expiryMs.size() > MAX_ADDRESSES) {
                Multiaddr first = null;
                long least = Long.MAX_VALUE;
                for (Map.Entry<Multiaddr, Long> entry : known.expiryMs.entrySet()) {
                    if (first == null || entry.getValue() < least) {
                        first = entry.getKey();
                        least = entry.getValue();
                    }
                }
                known.expiryMs.remove(first);
            }
            markDirty(peer);
        }
    }

    @Override
    public List<Multiaddr> addresses(PeerId peer) {
        long now = clock.millis();
        synchronized (lock) {
            Known known = peers.get(peer);
            if (known == null) {
                return List.of();
            }
            return known.expiryMs.entrySet().stream()
                    .filter(entry -> entry.getValue() > now)
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    @Override
    public Optional<IdentifyInfo> info(PeerId peer) {
        synchronized (lock) {
            Known known = peers.get(peer);
            return known == null ? Optional.empty() : Optional.ofNullable(known.info);
        }
    }

    /** Keeps what identify told of a peer. */
    public void identified(PeerId peer, IdentifyInfo info) {
        synchronized (lock) {
            known(peer).info = info;
        }
    }

    @Override
    public List<PeerId> peers() {
        long now = clock.millis();
        synchronized (lock) {
            return peers.entrySet().stream()
                    .filter(entry -> entry.getValue().info != null
                            || entry.getValue().expiryMs.values().stream().anyMatch(at -> at > now))
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    @Override
    public void remove(PeerId peer) {
        synchronized (lock) {
            if (peers.remove(peer) != null) {
                markDirty(peer);
            }
        }
    }

    /** Writes what is not written yet. Blocks. Idempotent. */
    @Override
    public void close() {
        writeDirty();
    }

    private Known known(PeerId peer) {
        Known known = peers.computeIfAbsent(peer, id -> new Known());
        if (peers.size() > MAX_PEERS) {
            Iterator<PeerId> eldest = peers.keySet().iterator();
            PeerId evicted = eldest.next();
            eldest.remove();
            markDirty(evicted);
        }
        return known;
    }

    private void markDirty(PeerId peer) {
        dirty.add(peer);
        if (!writing) {
            writing = true;
            try {
                writer.execute(this::writeDirty);
            } catch (RejectedExecutionException e) {
                // The host is closing: close() writes what is left.
                writing = false;
            }
        }
    }

    private void writeDirty() {
        synchronized (writeLock) {
            for (List<Entry> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
                try {
                    datastore.write(batch);
                } catch (RuntimeException e) {
                    // The book in memory stays right; these peers are written again when they change.
                    LOG.warn("peerstore: {} peers could not be written", batch.size(), e);
                }
            }
        }
    }

    private List<Entry> nextBatch() {
        synchronized (lock) {
            List<Entry> batch = new ArrayList<>();
            for (Iterator<PeerId> next = dirty.iterator(); next.hasNext() && batch.size() < BATCH_PEERS; ) {
                PeerId peer = next.next();
                next.remove();
                Known known = peers.get(peer);
                byte[] record = known == null || known.expiryMs.isEmpty() ? null : PeerRecord.encode(known.expiryMs);
                batch.add(new Entry(key(peer), record));
            }
            writing = !batch.isEmpty();
            return batch;
        }
    }

    private void load() {
        long now = clock.millis();
        byte[] after = PREFIX;
        List<Entry> useless = new ArrayList<>();
        for (List<Entry> page = scan(after); !page.isEmpty(); page = scan(after)) {
            for (Entry entry : page) {
                if (peers.size() == MAX_PEERS || !load(entry, now)) {
                    useless.add(new Entry(entry.key(), null));
                }
            }
            after = page.get(page.size() - 1).key();
        }
        if (!useless.isEmpty()) {
            datastore.write(useless);
        }
    }

    private List<Entry> scan(byte[] after) {
        return datastore.scan(PREFIX, after, BATCH_PEERS);
    }

    /** Whether the entry still says something. */
    private boolean load(Entry entry, long now) {
        byte[] value = entry.value();
        if (value == null) {
            return false;
        }
        try {
            PeerId peer = PeerId.decode(Arrays.copyOfRange(entry.key(), PREFIX.length, entry.key().length));
            Known known = new Known();
            known.expiryMs.putAll(PeerRecord.decode(value));
            known.expiryMs.values().removeIf(at -> at <= now);
            if (known.expiryMs.isEmpty()) {
                return false;
            }
            peers.put(peer, known);
            return true;
        } catch (MultiformatException e) {
            LOG.warn("peerstore: a record does not decode and is dropped: {}", e.getMessage());
            return false;
        }
    }

    private static byte[] key(PeerId peer) {
        byte[] id = peer.bytes();
        byte[] key = Arrays.copyOf(PREFIX, PREFIX.length + id.length);
        System.arraycopy(id, 0, key, PREFIX.length, id.length);
        return key;
    }
}

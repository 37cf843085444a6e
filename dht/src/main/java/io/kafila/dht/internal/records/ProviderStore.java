package io.kafila.dht.internal.records;

import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.Counters;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.Datastore.Entry;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who provides which content: a record for each pair of key and provider, with the time when it came, and one for each
 * provider with its addresses. Nothing but the counts is kept in memory; they are counted when the store is opened.
 *
 * <p>Bounded by {@link StoreLimits}: where one is reached, new records are refused and counted, known ones are renewed.
 * Blocks; confined to the thread of the stores.
 *
 * <p>Layout: {@code p <key length> <key> <peer> -> <milliseconds>}, {@code a <peer> -> <milliseconds> (<length> <address>)*}.
 */
public final class ProviderStore {
    /** Entries read in one piece. */
    static final int PAGE = 512;

    /** Addresses kept of one provider. */
    static final int MAX_ADDRESSES = 16;

    private static final char PROVIDERS = 'p';
    private static final char ADDRESSES = 'a';

    private final Datastore datastore;
    private final LongSupplier currentTimeMillis;
    private final StoreLimits limits;
    private final Counters counters;
    private final Map<PeerId, Integer> recordsByPeer = new HashMap<>();
    private int records;
    private byte[] sweptUpTo = {PROVIDERS};

    /** Opens the store: counts what is there, and drops what is too old. */
    public ProviderStore(Datastore datastore, LongSupplier currentTimeMillis, StoreLimits limits, Counters counters) {
        this.datastore = datastore;
        this.currentTimeMillis = currentTimeMillis;
        this.limits = limits;
        this.counters = counters;
        byte[] kind = {PROVIDERS};
        byte[] after = kind;
        for (List<Entry> page = datastore.scan(kind, after, PAGE);
                !page.isEmpty();
                page = datastore.scan(kind, after, PAGE)) {
            page.forEach(entry -> count(providerOf(entry.key()), 1));
            after = page.get(page.size() - 1).key();
        }
    }

    /** How many records there are, those included that are too old and not swept yet. */
    public int size() {
        return records;
    }

    /** Adds or renews a record; answers whether it was taken. */
    public boolean add(byte[] key, PeerEntry provider) {
        long now = currentTimeMillis.getAsLong();
        byte[] id = provider.peer().bytes();
        byte[] place = RecordKeys.key(PROVIDERS, key, id);
        boolean isNew = datastore.get(place) == null;
        Counter refusal = isNew ? refusal(key, provider.peer()) : null;
        if (refusal != null) {
            counters.add(refusal);
            return false;
        }
        List<Entry> batch = new ArrayList<>(2);
        batch.add(new Entry(place, RecordKeys.ofLong(now)));
        if (!provider.addresses().isEmpty()) {
            batch.add(new Entry(RecordKeys.key(ADDRESSES, id), encode(now, provider.addresses())));
        }
        datastore.write(batch);
        if (isNew) {
            count(provider.peer(), 1);
        }
        counters.add(Counter.PROVIDERS_STORED);
        return true;
    }

    /** Those who provide a key, with their addresses where these are fresh. */
    public List<PeerEntry> get(byte[] key) {
        byte[] prefix = RecordKeys.prefix(PROVIDERS, key);
        List<PeerEntry> found = new ArrayList<>();
        List<Entry> expired = new ArrayList<>();
        for (Entry entry : datastore.scan(prefix, prefix, limits.maxProvidersPerKey())) {
            PeerId provider = providerOf(entry.key());
            if (provider == null || isExpired(entry.value(), limits.providerAge())) {
                expired.add(entry);
            } else {
                found.add(new PeerEntry(provider, addresses(provider)));
            }
        }
        delete(expired);
        return found;
    }

    /** Drops what is too old in the next part of the store; answers whether that was the last one, so that all begins anew. */
    public boolean sweep() {
        byte[] kind = {sweptUpTo[0]};
        List<Entry> page = datastore.scan(kind, sweptUpTo, PAGE);
        boolean providers = sweptUpTo[0] == PROVIDERS;
        delete(page.stream()
                .filter(entry -> isExpired(entry.value(), providers ? limits.providerAge() : limits.addressAge()))
                .toList());
        if (page.size() == PAGE) {
            sweptUpTo = page.get(PAGE - 1).key();
            return false;
        }
        sweptUpTo = new byte[] {providers ? (byte) ADDRESSES : (byte) PROVIDERS};
        return !providers;
    }

    private @Nullable Counter refusal(byte[] key, PeerId provider) {
        if (records >= limits.maxProviders()
                || (recordsByPeer.size() >= limits.maxProviderPeers() && !recordsByPeer.containsKey(provider))) {
            return Counter.PROVIDERS_OF_FULL_STORE_REFUSED;
        }
        if (recordsByPeer.getOrDefault(provider, 0) >= limits.maxProvidersPerPeer()) {
            return Counter.PROVIDERS_OF_GREEDY_PEER_REFUSED;
        }
        byte[] prefix = RecordKeys.prefix(PROVIDERS, key);
        List<Entry> present = datastore.scan(prefix, prefix, limits.maxProvidersPerKey());
        if (present.size() < limits.maxProvidersPerKey()) {
            return null;
        }
        List<Entry> expired = present.stream()
                .filter(entry -> isExpired(entry.value(), limits.providerAge()))
                .toList();
        delete(expired);
        return expired.isEmpty() ? Counter.PROVIDERS_OF_FULL_KEY_REFUSED : null;
    }

    private List<Multiaddr> addresses(PeerId provider) {
        byte[] value = datastore.get(RecordKeys.key(ADDRESSES, provider.bytes()));
        if (value == null || isExpired(value, limits.addressAge())) {
            return List.of();
        }
        List<Multiaddr> addresses = new ArrayList<>();
        ByteBuffer source = ByteBuffer.wrap(value, Long.BYTES, value.length - Long.BYTES);
        try {
            while (source.hasRemaining()) {
                byte[] address = new byte[(int) Math.min(Varint.read(source), source.remaining())];
                source.get(address);
                addresses.add(Multiaddr.decode(address));
            }
        } catch (MultiformatException e) {
            return List.of(); // a damaged record says nothing; the provider will come again
        }
        return addresses;
    }

    private static byte[] encode(long now, List<Multiaddr> addresses) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(RecordKeys.ofLong(now));
        addresses.stream().limit(MAX_ADDRESSES).map(Multiaddr::bytes).forEach(address -> {
            out.writeBytes(Varint.encode(address.length));
            out.writeBytes(address);
        });
        return out.toByteArray();
    }

    private void delete(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        datastore.write(
                entries.stream().map(entry -> new Entry(entry.key(), null)).toList());
        for (Entry entry : entries) {
            if (entry.key()[0] == PROVIDERS) {
                count(providerOf(entry.key()), -1);
            }
        }
    }

    private void count(@Nullable PeerId provider, int change) {
        records += change;
        if (provider != null) {
            recordsByPeer.merge(provider, change, (left, right) -> left + right <= 0 ? null : left + right);
        }
    }

    private boolean isExpired(byte @Nullable [] value, Duration age) {
        return value == null
                || value.length < Long.BYTES
                || currentTimeMillis.getAsLong() - ByteBuffer.wrap(value).getLong() >= age.toMillis();
    }

    private static @Nullable PeerId providerOf(byte[] place) {
        int keyLength = place.length < 2 ? 0 : place[1] & 0xFF;
        if (place.length <= 2 + keyLength) {
            return null;
        }
        try {
            return PeerId.decode(RecordKeys.rest(place, 2 + keyLength));
        } catch (MultiformatException damaged) {
            return null;
        }
    }
}

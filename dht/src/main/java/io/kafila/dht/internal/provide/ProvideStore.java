package io.kafila.dht.internal.provide;

import io.kafila.dht.internal.key.KadKey;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.Datastore.Entry;
import io.kafila.multiformats.Multihash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that this node provides, ordered by their points in the keyspace, each with the time when it was last provided.
 * Calls block briefly. Confined to one thread.
 *
 * <p>A record is {@code k}, the point (32 bytes); its value the time in milliseconds since 1970 (8, 0 for never), the round in which the key
 * was last wanted (4), flags (1) and the multihash.
 */
final class ProvideStore {
    private static final byte KEY = 'k';
    private static final int HEAD_BYTES = 8 + 4 + 1;
    private static final byte ONCE = 1;
    private static final byte[] ROUND = {'r'};

    /** How many keys one step of a scan holds. */
    static final int PAGE = 1024;

    /**
     * A key.
     *
     * @param providedMs when it was last provided; 0 for never
     * @param round when it was last wanted, see {@link ProvideStore#nextRound}
     * @param once whether it is forgotten as soon as it has been provided
     */
    record Key(KadKey at, Multihash hash, long providedMs, int round, boolean once) {
        Key providedAt(long ms) {
            return new Key(at, hash, ms, round, once);
        }

        Key wantedIn(int newRound) {
            return new Key(at, hash, providedMs, newRound, false);
        }
    }

    private final Datastore datastore;

    ProvideStore(Datastore datastore) {
        this.datastore = datastore;
    }

    /** The key at a point, or {@code null}. */
    @Nullable
    Key get(KadKey at) {
        byte[] name = name(at);
        byte[] value = datastore.get(name);
        return value == null ? null : decode(name, value);
    }

    void put(Collection<Key> keys) {
        List<Entry> batch = new ArrayList<>(keys.size());
        keys.forEach(key -> batch.add(new Entry(name(key.at()), encode(key))));
        datastore.write(batch);
    }

    void remove(Collection<Key> keys) {
        List<Entry> batch = new ArrayList<>(keys.size());
        keys.forEach(key -> batch.add(new Entry(name(key.at()), null)));
        datastore.write(batch);
    }

    /** At most {@link #PAGE} keys of a region behind {@code after}, in order; {@code null} begins. */
    List<Key> scan(Region region, @Nullable KadKey after) {
        byte[] start = after == null ? before(region.point()) : name(after);
        List<Key> found = new ArrayList<>();
        for (Entry entry : datastore.scan(prefix(region), start, PAGE)) {
            Key key = decode(entry.key(), entry.value());
            if (!region.contains(key.at())) {
                break;
            }
            found.add(key);
        }
        return found;
    }

    /** The whole bytes that all keys of a region begin with. */
    private static byte[] prefix(Region region) {
        byte[] prefix = new byte[1 + region.bits() / 8];
        prefix[0] = KEY;
        System.arraycopy(region.point().bytes(), 0, prefix, 1, prefix.length - 1);
        return prefix;
    }

    /** Something in front of a point and behind all points before it. */
    private static byte[] before(KadKey point) {
        byte[] name = name(point);
        for (int i = name.length - 1; i > 0; i--) {
            if (name[i]-- != 0) {
                return name;
            }
        }
        return new byte[] {KEY};
    }

    private static byte[] name(KadKey at) {
        return ByteBuffer.allocate(1 + KadKey.BYTES).put(KEY).put(at.bytes()).array();
    }

    private static byte[] encode(Key key) {
        byte[] hash = key.hash().bytes();
        return ByteBuffer.allocate(HEAD_BYTES + hash.length)
                .putLong(key.providedMs())
                .putInt(key.round())
                .put(key.once() ? ONCE : 0)
                .put(hash)
                .array();
    }

    private static Key decode(byte[] name, byte @Nullable [] value) {
        if (value == null || value.length <= HEAD_BYTES || name.length != 1 + KadKey.BYTES) {
            throw new IllegalStateException("provide store: record of " + (value == null ? 0 : value.length)
                    + " bytes under a name of " + name.length + ", want more than " + HEAD_BYTES + " under one of "
                    + (1 + KadKey.BYTES));
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        long providedMs = in.getLong();
        int round = in.getInt();
        boolean once = (in.get() & ONCE) != 0;
        byte[] hash = new byte[in.remaining()];
        in.get(hash);
        byte[] at = new byte[KadKey.BYTES];
        System.arraycopy(name, 1, at, 0, at.length);
        return new Key(KadKey.of(at), Multihash.decode(hash), providedMs, round, once);
    }

    /** The round in which keys are wanted now. */
    int round() {
        byte[] held = datastore.get(ROUND);
        return held == null ? 0 : ByteBuffer.wrap(held).getInt();
    }

    /** Begins a round: whoever is not wanted again in it goes when it is over. */
    int nextRound() {
        int next = round() + 1;
        datastore.write(
                List.of(new Entry(ROUND, ByteBuffer.allocate(4).putInt(next).array())));
        return next;
    }
}

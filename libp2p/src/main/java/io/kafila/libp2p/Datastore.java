package io.kafila.libp2p;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small ordered map from bytes to bytes, compared unsigned, in which the peerstore and the DHT keep their records. The
 * node backs it by its database, simulations by memory. Calls block briefly; not for event loops. Thread-safe.
 */
public interface Datastore {

    byte @Nullable [] get(byte[] key);

    /** One atomic batch, durable on return. */
    void write(List<Entry> batch);

    /** At most {@code limit} entries whose keys start with {@code prefix} and are greater than {@code after}, in order. */
    List<Entry> scan(byte[] prefix, byte[] after, int limit);

    /** A key with its value; a {@code null} value in a batch deletes the key. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
    record Entry(byte[] key, byte @Nullable [] value) {}
}

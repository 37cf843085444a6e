package io.kafila.dht.internal.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request or response of the DHT (ipfs/specs kad-dht.md, RPC messages). Immutable by convention: the arrays are never
 * changed, so that thousands of simulated nodes may share them.
 *
 * @param key of what is asked for: the bytes of a PeerId, of a multihash, or a record's key; may be empty in a response
 * @param closerPeers nearer to the key than others that the sender knows
 * @param providerPeers who has the content
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content, never changed
public record Message(
        MessageType type,
        byte[] key,
        @Nullable ValueRecord record,
        List<PeerEntry> closerPeers,
        List<PeerEntry> providerPeers) {
    private static final byte[] NO_KEY = {};

    public Message {
        closerPeers = List.copyOf(closerPeers);
        providerPeers = List.copyOf(providerPeers);
    }

    public static Message findNode(byte[] key) {
        return request(MessageType.FIND_NODE, key);
    }

    public static Message getProviders(byte[] key) {
        return request(MessageType.GET_PROVIDERS, key);
    }

    public static Message getValue(byte[] key) {
        return request(MessageType.GET_VALUE, key);
    }

    public static Message putValue(ValueRecord record) {
        return new Message(MessageType.PUT_VALUE, record.key(), record, List.of(), List.of());
    }

    /** @param self who provides, with where it can be dialed */
    public static Message addProvider(byte[] key, PeerEntry self) {
        return new Message(MessageType.ADD_PROVIDER, key, null, List.of(), List.of(self));
    }

    private static Message request(MessageType type, byte[] key) {
        return new Message(type, key, null, List.of(), List.of());
    }

    /** The answer to a FIND_NODE. */
    public static Message closer(List<PeerEntry> closerPeers) {
        return new Message(MessageType.FIND_NODE, NO_KEY, null, closerPeers, List.of());
    }

    /** Whether the sender of this message gets a response: ADD_PROVIDER has none, as in Go, js and Rust. */
    public boolean expectsResponse() {
        return type != MessageType.ADD_PROVIDER;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message that
                && type == that.type
                && Arrays.equals(key, that.key)
                && Objects.equals(record, that.record)
                && closerPeers.equals(that.closerPeers)
                && providerPeers.equals(that.providerPeers);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return type + "[key of " + key.length + " bytes, " + closerPeers.size() + " closer, " + providerPeers.size()
                + " providers" + (record == null ? "" : ", " + record) + "]";
    }
}

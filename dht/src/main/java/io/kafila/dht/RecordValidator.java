package io.kafila.dht;

import java.util.List;

/**
 * What the values of one namespace of keys must look like (ipfs/specs kad-dht.md, entry validation). Called on the thread of
 * the DHT: it must neither block nor keep what it is given. Thread-safe.
 */
public interface RecordValidator {

    /** The first component of the keys, without slashes: {@code ipns} for {@code /ipns/...}. */
    String namespace();

    /**
     * Checks a value at this moment.
     *
     * @param key whole, with its namespace
     * @throws InvalidRecordException if the value is malformed, forged, expired or another key's
     */
    void validate(byte[] key, byte[] value);

    /**
     * The index of the best of several values that are all valid; among equals the first.
     *
     * @param values at least one
     */
    int select(byte[] key, List<byte[]> values);
}

package io.kafila.dht.internal.records;

import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.RecordValidator;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** {@code /pk/<multihash>}: the protobuf of the public key that the PeerId is made from (go-libp2p-record pubkey.go). Stateless. */
public final class PublicKeyValidator implements RecordValidator {
    private static final byte[] PREFIX = "/pk/".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String namespace() {
        return "pk";
    }

    @Override
    public void validate(byte[] key, byte[] value) {
        if (key.length <= PREFIX.length || !Arrays.equals(key, 0, PREFIX.length, PREFIX, 0, PREFIX.length)) {
            throw new InvalidRecordException("pk record: key of " + key.length + " bytes, want /pk/ and a PeerId");
        }
        try {
            PeerId peer = PeerId.decode(Arrays.copyOfRange(key, PREFIX.length, key.length));
            PublicKey publicKey = PublicKey.decode(value);
            if (!peer.matches(publicKey)) {
                throw new InvalidRecordException("pk record: key of " + publicKey.peerId() + ", want that of " + peer);
            }
        } catch (MultiformatException e) {
            throw new InvalidRecordException("pk record: " + e.getMessage(), e);
        }
    }

    @Override
    public int select(byte[] key, List<byte[]> values) {
        return 0; // all that are valid are the same key
    }
}

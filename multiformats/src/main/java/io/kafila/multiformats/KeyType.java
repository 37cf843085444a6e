package io.kafila.multiformats;

import java.util.Optional;

/** The kinds of keys that peers have. Source: github.com/libp2p/specs, peer-ids, Keys. */
public enum KeyType {
    RSA(0),
    ED25519(1),
    SECP256K1(2),
    ECDSA(3);

    private final int code;

    KeyType(int code) {
        this.code = code;
    }

    /** The number in the key protobufs. */
    public int code() {
        return code;
    }

    public static Optional<KeyType> byCode(long code) {
        for (KeyType type : values()) {
            if (type.code == code) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}

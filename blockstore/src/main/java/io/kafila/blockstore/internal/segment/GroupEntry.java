package io.kafila.blockstore.internal.segment;

/**
 * One line of a group's trailer. Immutable; the key is not copied.
 *
 * @param kind what it says
 * @param birth the sequence number of the put that brought the block, which moves keep. A removal ends every copy of
 *     the key whose birth is not greater
 * @param key the multihash
 * @param sizeBytes the length of the payload; 0 for a removal
 * @param checksum CRC-32C of a payload whose key is no SHA-256; else 0
 * @param victim the segment in which the removed copy lies; 0 for a payload
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record GroupEntry(Kind kind, long birth, byte[] key, int sizeBytes, int checksum, long victim) {
    /** What an entry says. */
    public enum Kind {
        /** A payload with a checksum. */
        PAYLOAD(1),
        REMOVAL(2),
        /** A payload whose key, its SHA-256, is the checksum: whoever put it has computed that already. */
        HASHED_PAYLOAD(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The byte on disk. */
        public int code() {
            return code;
        }
    }

    /** What comes before the digest in a SHA-256 multihash: the function and the length. */
    static final int HASH_PREFIX_BYTES = 2;

    private static final int HASH_CODE = 0x12;
    private static final int HASH_BYTES = 32;

    /** Whether a key can stand for the checksum of its payload. */
    public static boolean isChecksum(byte[] key) {
        return key.length == HASH_PREFIX_BYTES + HASH_BYTES && key[0] == HASH_CODE && key[1] == HASH_BYTES;
    }

    /** A payload whose key {@linkplain #isChecksum is its checksum}. */
    public static GroupEntry hashed(long birth, byte[] key, int sizeBytes) {
        if (!isChecksum(key)) {
            throw new IllegalArgumentException("segment: a key of " + key.length + " bytes, want a SHA-256 multihash");
        }
        return new GroupEntry(Kind.HASHED_PAYLOAD, birth, key, sizeBytes, 0, 0);
    }

    public GroupEntry withChecksum(int crc) {
        return new GroupEntry(kind, birth, key, sizeBytes, crc, victim);
    }

    public boolean isPayload() {
        return kind != Kind.REMOVAL;
    }

    public static GroupEntry payload(long birth, byte[] key, int sizeBytes, int checksum) {
        return new GroupEntry(Kind.PAYLOAD, birth, key, sizeBytes, checksum, 0);
    }

    public static GroupEntry removal(long birth, byte[] key, long victim) {
        return new GroupEntry(Kind.REMOVAL, birth, key, 0, 0, victim);
    }
}

package io.kafila.blockstore.internal.segment;

/**
 * One line of a group's trailer. Immutable; the key is not copied.
 *
 * @param kind what it says
 * @param birth the sequence number of the put that brought the block, which moves keep. A removal ends every copy of
 *     the key whose birth is not greater
 * @param key the multihash
 * @param sizeBytes the length of the payload; 0 for a removal
 * @param checksum CRC-32C of the payload; 0 for a removal
 * @param victim the segment in which the removed copy lies; 0 for a payload
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record GroupEntry(Kind kind, long birth, byte[] key, int sizeBytes, int checksum, long victim) {
    /** What an entry says. */
    public enum Kind {
        PAYLOAD(1),
        REMOVAL(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The byte on disk. */
        public int code() {
            return code;
        }
    }

    public static GroupEntry payload(long birth, byte[] key, int sizeBytes, int checksum) {
        return new GroupEntry(Kind.PAYLOAD, birth, key, sizeBytes, checksum, 0);
    }

    public static GroupEntry removal(long birth, byte[] key, long victim) {
        return new GroupEntry(Kind.REMOVAL, birth, key, 0, 0, victim);
    }
}

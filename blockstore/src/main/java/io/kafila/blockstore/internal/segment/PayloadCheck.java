package io.kafila.blockstore.internal.segment;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Tells whether bytes, passed piece by piece, are the payload that an entry stands for. Not thread-safe. */
public final class PayloadCheck {
    private final GroupEntry entry;
    private final CRC32C crc = new CRC32C();
    private final @Nullable MessageDigest digest;
    private long sizeBytes;

    public PayloadCheck(GroupEntry entry) {
        this.entry = entry;
        this.digest = entry.kind() == GroupEntry.Kind.HASHED_PAYLOAD ? sha256() : null;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Takes what remains in {@code bytes}. */
    public void update(ByteBuffer bytes) {
        sizeBytes += bytes.remaining();
        if (digest == null) {
            crc.update(bytes);
        } else {
            digest.update(bytes);
        }
    }

    /** Whether that was all of it, and unharmed. To be asked once. */
    public boolean matches() {
        if (sizeBytes != entry.sizeBytes()) {
            return false;
        }
        return digest == null
                ? (int) crc.getValue() == entry.checksum()
                : ByteBuffer.wrap(entry.key())
                        .position(GroupEntry.HASH_PREFIX_BYTES)
                        .equals(ByteBuffer.wrap(digest.digest()));
    }
}

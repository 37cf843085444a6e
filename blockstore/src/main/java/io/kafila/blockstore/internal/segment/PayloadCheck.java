package io.kafila.blockstore.internal.segment;

import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Hasher;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Tells whether bytes, passed piece by piece, are the payload that an entry stands for. Not thread-safe. */
public final class PayloadCheck {
    private final GroupEntry entry;
    private final CRC32C crc = new CRC32C();
    private final @Nullable Hasher hasher;
    private long sizeBytes;

    public PayloadCheck(GroupEntry entry) {
        this.entry = entry;
        this.hasher = entry.kind() == GroupEntry.Kind.HASHED_PAYLOAD ? HashFunction.SHA2_256.newHasher() : null;
    }

    /** Takes what remains in {@code bytes}. */
    public void update(ByteBuffer bytes) {
        sizeBytes += bytes.remaining();
        if (hasher == null) {
            crc.update(bytes);
        } else {
            hasher.update(bytes);
        }
    }

    /** Whether that was all of it, and unharmed. To be asked once. */
    public boolean matches() {
        if (sizeBytes != entry.sizeBytes()) {
            return false;
        }
        return hasher == null
                ? (int) crc.getValue() == entry.checksum()
                : ByteBuffer.wrap(entry.key())
                        .position(GroupEntry.HASH_PREFIX_BYTES)
                        .equals(ByteBuffer.wrap(hasher.digest(HashFunction.SHA2_256.defaultLength())));
    }
}

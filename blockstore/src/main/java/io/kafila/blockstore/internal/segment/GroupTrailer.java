package io.kafila.blockstore.internal.segment;

import static io.kafila.blockstore.internal.segment.SegmentHeader.PAGE_BYTES;

import io.kafila.multiformats.Multihash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The end of a group: what is in it.
 *
 * <pre>
 * entry:  kind (1) birth (8) key length (2) key
 *         payload: length (4) checksum (4)     removal: victim segment (8)     hashed payload: length (4) zero (4)
 * footer: magic (8) nonce (16) start of the group (8) payload bytes (8) entry bytes (4) entries (4) zero (12)
 *         checksum of entries and footer (4)
 * </pre>
 *
 * @param start where the group begins in the segment
 * @param end where it ends
 */
public record GroupTrailer(long start, long end, List<GroupEntry> entries) {
    public static final int FOOTER_BYTES = 64;

    /** The most entries in one group. */
    public static final int MAX_ENTRIES = 16_384;

    /** The most payload bytes in one group. */
    public static final long MAX_PAYLOAD_BYTES = 256L << 20;

    private static final int ENTRY_FIXED_BYTES = 1 + 8 + 2 + 8;
    private static final int MAX_ENTRY_BYTES = ENTRY_FIXED_BYTES + Multihash.MAX_BYTES;

    private static final long MAGIC = 0x4b414647524f5550L; // KAFGROUP
    private static final int CHECKSUM_OFFSET = FOOTER_BYTES - 4;

    /** What a footer says, before the entries are read. */
    public record Footer(long start, long end, long payloadBytes, int entryBytes, int entries) {
        /** Where the entries begin. */
        long entriesAt() {
            return end - FOOTER_BYTES - entryBytes;
        }

        /** How many bytes {@link #decode} needs: the entries and the footer. */
        public int trailerBytes() {
            return entryBytes + FOOTER_BYTES;
        }
    }

    /** The bytes that one entry takes. */
    public static int sizeOf(byte[] key) {
        return ENTRY_FIXED_BYTES + key.length;
    }

    /**
     * The zeroes and the trailer of a group, to be written behind its payloads.
     *
     * @param payloadBytes the sum of the payloads' lengths
     */
    public static ByteBuffer encode(SegmentHeader header, long start, long payloadBytes, List<GroupEntry> entries) {
        int entryBytes = 0;
        for (GroupEntry entry : entries) {
            entryBytes += sizeOf(entry.key());
        }
        long payloadEnd = start + payloadBytes;
        long end = SegmentHeader.pageAligned(payloadEnd + entryBytes + FOOTER_BYTES);
        ByteBuffer out = ByteBuffer.allocate((int) (end - payloadEnd));
        int body = out.capacity() - FOOTER_BYTES - entryBytes;
        out.position(body);
        for (GroupEntry entry : entries) {
            out.put((byte) entry.kind().code()).putLong(entry.birth());
            out.putShort((short) entry.key().length).put(entry.key());
            if (entry.isPayload()) {
                out.putInt(entry.sizeBytes()).putInt(entry.checksum());
            } else {
                out.putLong(entry.victim());
            }
        }
        out.putLong(MAGIC)
                .putLong(header.nonceHigh())
                .putLong(header.nonceLow())
                .putLong(start);
        out.putLong(payloadBytes)
                .putInt(entryBytes)
                .putInt(entries.size())
                .putInt(0)
                .putInt(0)
                .putInt(0);
        out.putInt(checksum(out, body));
        return out.position(0);
    }

    /**
     * Reads a footer; answers {@code null} where the bytes are none of this segment's, or claim what cannot be.
     *
     * @param bytes 64 bytes from its position on, the last ones before {@code end}
     */
    public static @Nullable Footer footer(SegmentHeader header, ByteBuffer bytes, long end) {
        ByteBuffer in = bytes.slice();
        if (in.remaining() < FOOTER_BYTES
                || in.getLong() != MAGIC
                || in.getLong() != header.nonceHigh()
                || in.getLong() != header.nonceLow()) {
            return null;
        }
        Footer footer = new Footer(in.getLong(), end, in.getLong(), in.getInt(), in.getInt());
        boolean possible = footer.start() >= PAGE_BYTES
                && footer.start() % PAGE_BYTES == 0
                && footer.start() < end
                && footer.payloadBytes() >= 0
                && footer.payloadBytes() <= MAX_PAYLOAD_BYTES
                && footer.entries() >= 0
                && footer.entries() <= MAX_ENTRIES
                && footer.entryBytes() >= 0
                && footer.entryBytes() <= (long) footer.entries() * MAX_ENTRY_BYTES
                && end
                        == SegmentHeader.pageAligned(
                                footer.start() + footer.payloadBytes() + footer.entryBytes() + FOOTER_BYTES);
        return possible ? footer : null;
    }

    /**
     * Reads a trailer.
     *
     * @param bytes {@link Footer#trailerBytes()} bytes from its position on
     * @throws SegmentFormatException if it does not match its checksum or contradicts itself
     */
    public static GroupTrailer decode(Footer footer, ByteBuffer bytes) {
        ByteBuffer in = bytes.slice();
        if (in.remaining() != footer.trailerBytes()) {
            throw invalid(footer, in.remaining() + " bytes, want " + footer.trailerBytes());
        }
        if (in.getInt(in.capacity() - 4) != checksum(in, 0)) {
            throw invalid(footer, "it does not match its checksum");
        }
        in.limit(footer.entryBytes());
        List<GroupEntry> entries = new ArrayList<>(footer.entries());
        long payloadBytes = 0;
        for (int i = 0; i < footer.entries(); i++) {
            GroupEntry entry = entry(footer, in);
            payloadBytes += entry.sizeBytes();
            entries.add(entry);
        }
        if (in.hasRemaining() || payloadBytes != footer.payloadBytes()) {
            throw invalid(footer, "its entries do not add up");
        }
        return new GroupTrailer(footer.start(), footer.end(), List.copyOf(entries));
    }

    private static GroupEntry entry(Footer footer, ByteBuffer in) {
        if (in.remaining() < ENTRY_FIXED_BYTES) {
            throw invalid(footer, "an entry is cut");
        }
        int kind = in.get();
        long birth = in.getLong();
        int keyBytes = in.getShort();
        if (keyBytes < 2 || keyBytes > Multihash.MAX_BYTES || in.remaining() < keyBytes + 8) {
            throw invalid(footer, "a key of " + keyBytes + " bytes");
        }
        byte[] key = new byte[keyBytes];
        in.get(key);
        if (kind == GroupEntry.Kind.PAYLOAD.code() || kind == GroupEntry.Kind.HASHED_PAYLOAD.code()) {
            int size = in.getInt();
            int checksum = in.getInt();
            if (size < 0 || size > footer.payloadBytes()) {
                throw invalid(footer, "a payload of " + size + " bytes");
            }
            if (kind == GroupEntry.Kind.PAYLOAD.code()) {
                return GroupEntry.payload(birth, key, size, checksum);
            }
            if (checksum != 0 || !GroupEntry.isChecksum(key)) {
                throw invalid(footer, "a hashed payload whose key is no SHA-256");
            }
            return GroupEntry.hashed(birth, key, size);
        }
        if (kind == GroupEntry.Kind.REMOVAL.code()) {
            return GroupEntry.removal(birth, key, in.getLong());
        }
        throw invalid(footer, "an entry of kind " + kind);
    }

    private static int checksum(ByteBuffer trailer, int from) {
        CRC32C crc = new CRC32C();
        crc.update(trailer.duplicate()
                .limit(trailer.capacity() - FOOTER_BYTES + CHECKSUM_OFFSET)
                .position(from));
        return (int) crc.getValue();
    }

    private static SegmentFormatException invalid(Footer footer, String what) {
        return new SegmentFormatException("segment trailer of the group at " + footer.start() + ": " + what);
    }
}

package io.kafila.blockstore.internal.segment;

import io.kafila.blockstore.internal.disk.DiskFile;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first page of a segment: magic, version, page size, id, nonce, checksum, zeroes. Immutable.
 *
 * @param id the number of the segment, from 1
 * @param nonceHigh with {@code nonceLow} a random number that every footer repeats, so that a segment stored as a
 *     block within a segment is not taken for groups of the outer one
 */
public record SegmentHeader(long id, long nonceHigh, long nonceLow) {
    public static final int VERSION = 1;
    public static final int PAGE_BYTES = DiskFile.PAGE_BYTES;

    private static final long MAGIC = 0x4b41465345474d54L; // KAFSEGMT
    private static final int CHECKED_BYTES = 40;

    /** The header as one page. */
    public ByteBuffer encode() {
        ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
        page.putLong(MAGIC)
                .putInt(VERSION)
                .putInt(PAGE_BYTES)
                .putLong(id)
                .putLong(nonceHigh)
                .putLong(nonceLow);
        page.putInt(checksum(page));
        return page.position(0).limit(PAGE_BYTES);
    }

    /** @throws SegmentFormatException if the page is not a header of this version */
    public static SegmentHeader decode(ByteBuffer page, String file) {
        if (page.remaining() < PAGE_BYTES) {
            throw new SegmentFormatException(
                    "segment " + file + ": header of " + page.remaining() + " bytes, want " + PAGE_BYTES);
        }
        ByteBuffer in = page.slice();
        long magic = in.getLong();
        if (magic != MAGIC) {
            throw new SegmentFormatException(
                    "segment " + file + ": magic " + Long.toHexString(magic) + ", want " + Long.toHexString(MAGIC));
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new SegmentFormatException("segment " + file + ": version " + version + ", want " + VERSION);
        }
        int pageBytes = in.getInt();
        SegmentHeader header = new SegmentHeader(in.getLong(), in.getLong(), in.getLong());
        if (in.getInt() != checksum(in) || pageBytes != PAGE_BYTES) {
            throw new SegmentFormatException("segment " + file + ": the header does not match its checksum");
        }
        return header;
    }

    private static int checksum(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.duplicate().position(0).limit(CHECKED_BYTES));
        return (int) crc.getValue();
    }

    /** The next page boundary at or after {@code position}. */
    public static long pageAligned(long position) {
        return (position + PAGE_BYTES - 1) & -PAGE_BYTES;
    }
}

package io.kafila.dag.car;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a CARv2, behind its pragma (ipld.io/specs/transport/car/carv2, Header). All numbers are little-endian.
 *
 * @param characteristicsHigh the first 64 bits of the characteristics; the bit 0x80 says that the index holds every block,
 *     those with identity hashes too
 * @param characteristicsLow the other 64, reserved
 * @param dataOffset where the CARv1 inside begins, in bytes from the start of the archive
 * @param dataSizeBytes how long the CARv1 is
 * @param indexOffset where the index begins, 0 where there is none
 */
public record CarV2Header(
        long characteristicsHigh, long characteristicsLow, long dataOffset, long dataSizeBytes, long indexOffset) {
    /** The length of the pragma in bytes. */
    public static final int PRAGMA_BYTES = 11;

    /** The length of the header in bytes. */
    public static final int SIZE_BYTES = 40;

    /** A CARv1 header of version 2 without roots, with its length in front. */
    private static final byte[] PRAGMA = {0x0a, (byte) 0xa1, 0x67, 'v', 'e', 'r', 's', 'i', 'o', 'n', 0x02};

    public boolean hasIndex() {
        return indexOffset != 0;
    }

    /** Whether the index holds blocks with identity hashes too. */
    public boolean fullyIndexed() {
        return (characteristicsHigh & 0x80) != 0;
    }

    static byte[] pragma() {
        return PRAGMA.clone();
    }

    /** Reads the header from the next 40 bytes, which follow the pragma. */
    static CarV2Header read(ByteBuffer source) {
        ByteBuffer in = source.order(ByteOrder.LITTLE_ENDIAN);
        CarV2Header header = new CarV2Header(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
        int first = PRAGMA_BYTES + SIZE_BYTES;
        if (header.dataOffset < first) {
            throw CarException.at(
                    27, "data offset " + Long.toUnsignedString(header.dataOffset), first + " to 2^63 - 1");
        }
        if (header.dataSizeBytes <= 0 || header.dataOffset + header.dataSizeBytes < 0) {
            throw CarException.at(
                    35, "data size " + Long.toUnsignedString(header.dataSizeBytes), "more than 0, less than 2^63");
        }
        if (header.indexOffset != 0 && header.indexOffset < header.dataOffset + header.dataSizeBytes) {
            throw CarException.at(
                    43, "index offset " + Long.toUnsignedString(header.indexOffset), "0 or one behind the data");
        }
        return header;
    }

    byte[] encode() {
        return ByteBuffer.allocate(SIZE_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(characteristicsHigh)
                .putLong(characteristicsLow)
                .putLong(dataOffset)
                .putLong(dataSizeBytes)
                .putLong(indexOffset)
                .array();
    }
}

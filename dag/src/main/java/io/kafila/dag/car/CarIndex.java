package io.kafila.dag.car;

import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the blocks of a CARv2 lie, by their digests (ipld.io/specs/transport/car/carv2, Index). Immutable and
 * thread-safe.
 *
 * <p>It is searched where it lies, in the buffer it was decoded from. Nobody vouches for an index: what is found at an offset
 * is to be verified as everything else.
 */
public final class CarIndex {
    /** The widest record: the longest digest and an offset. */
    private static final int MAX_WIDTH = Multihash.MAX_DIGEST_BYTES + Long.BYTES;

    private final Format format;
    private final List<Bucket> buckets;

    /** How an index is written. */
    public enum Format {
        /** By digest alone. */
        SORTED(Multicodec.CAR_INDEX_SORTED.code()),
        /** By hash function and digest: what go-car writes unless told otherwise. */
        MULTIHASH_SORTED(Multicodec.CAR_MULTIHASH_INDEX_SORTED.code());

        private final long code;

        Format(long code) {
            this.code = code;
        }

        /** The code of the multicodec table. */
        public long code() {
            return code;
        }
    }

    /** Records of one width, sorted by digest. */
    private record Bucket(long functionCode, int width, ByteBuffer records) {
        int digestBytes() {
            return width - Long.BYTES;
        }

        int count() {
            return records.remaining() / width;
        }

        /** The number of the first record that is not less than the digest. */
        int lowerBound(ByteBuffer digest) {
            int low = 0;
            int high = count();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (compare(middle, digest) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        int compare(int record, ByteBuffer digest) {
            int at = record * width;
            for (int i = 0; i < digestBytes(); i++) {
                int difference = (records.get(at + i) & 0xff) - (digest.get(digest.position() + i) & 0xff);
                if (difference != 0) {
                    return difference;
                }
            }
            return 0;
        }

        long offset(int record) {
            return records.getLong(record * width + digestBytes());
        }
    }

    private CarIndex(Format format, List<Bucket> buckets) {
        this.format = format;
        this.buckets = List.copyOf(buckets);
    }

    /**
     * The index of a CARv2 that lies in a file.
     *
     * @param file mapped into memory, so no one may cut it off while the index is used
     * @throws CarException if there is no index or it is malformed
     */
    public static CarIndex read(FileChannel file, CarV2Header header) {
        if (!header.hasIndex()) {
            throw CarException.at(0, "archive without an index", "one");
        }
        try {
            long length = file.size() - header.indexOffset();
            if (length < 0 || length > Integer.MAX_VALUE) {
                throw CarException.at(header.indexOffset(), "index of " + length + " bytes", "0 to 2 GiB");
            }
            return decode(file.map(FileChannel.MapMode.READ_ONLY, header.indexOffset(), length), header.indexOffset());
        } catch (IOException e) {
            throw CarException.io(header.indexOffset(), "cannot read the index", e);
        }
    }

    /**
     * The index in a buffer, of which it keeps views.
     *
     * @throws CarException if it is malformed
     */
    public static CarIndex decode(ByteBuffer bytes) {
        return decode(bytes, 0);
    }

    private static CarIndex decode(ByteBuffer bytes, long offset) {
        ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        Format format = format(in, offset);
        List<Bucket> buckets = new ArrayList<>();
        if (format == Format.SORTED) {
            buckets(in, offset, 0, buckets);
        } else {
            int functions = count(in, offset, "functions", Long.BYTES + Integer.BYTES);
            for (int i = 0; i < functions; i++) {
                require(in, offset, Long.BYTES);
                buckets(in, offset, in.getLong(), buckets);
            }
        }
        return new CarIndex(format, buckets);
    }

    private static Format format(ByteBuffer in, long offset) {
        long code;
        try {
            code = Varint.read(in);
        } catch (MultiformatException e) {
            throw CarException.at(offset, "index without a codec (" + e.getMessage() + ")", "one", e);
        }
        for (Format format : Format.values()) {
            if (format.code() == code) {
                return format;
            }
        }
        throw CarException.at(offset, "index of codec 0x" + Long.toHexString(code), "0x400 or 0x401");
    }

    private static void buckets(ByteBuffer in, long offset, long functionCode, List<Bucket> buckets) {
        int count = count(in, offset, "buckets", Integer.BYTES + Long.BYTES);
        for (int i = 0; i < count; i++) {
            require(in, offset, Integer.BYTES + Long.BYTES);
            int at = in.position();
            int width = in.getInt();
            long length = in.getLong();
            if (width < Long.BYTES || width > MAX_WIDTH) {
                throw CarException.at(
                        offset + at,
                        "index records of " + Integer.toUnsignedString(width) + " bytes",
                        Long.BYTES + " to " + MAX_WIDTH);
            }
            if (length < 0 || length > in.remaining() || length % width != 0) {
                throw CarException.at(
                        offset + at,
                        "index bucket of " + Long.toUnsignedString(length) + " bytes",
                        "a multiple of " + width + ", at most the " + in.remaining() + " that are left");
            }
            buckets.add(new Bucket(
                    functionCode, width, in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN)));
            in.position(in.position() + (int) length);
        }
    }

    private static int count(ByteBuffer in, long offset, String what, int bytesEach) {
        require(in, offset, Integer.BYTES);
        int at = in.position();
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw CarException.at(
                    offset + at,
                    "index of " + Integer.toUnsignedString(count) + " " + what,
                    "at most " + in.remaining() / bytesEach + " in the " + in.remaining() + " bytes that are left");
        }
        return count;
    }

    private static void require(ByteBuffer in, long offset, int length) {
        if (in.remaining() < length) {
            throw CarException.at(offset + in.limit(), "end of the index", (length - in.remaining()) + " more bytes");
        }
    }

    public Format format() {
        return format;
    }

    /** How many blocks the index knows, duplicates included. */
    public long size() {
        long size = 0;
        for (Bucket bucket : buckets) {
            size += bucket.count();
        }
        return size;
    }

    /**
     * Where the sections of that multihash lie, in bytes from the start of the CARv1 inside: the place of the section's
     * length. Empty where there are none.
     */
    public List<Long> offsets(Multihash multihash) {
        List<Long> offsets = new ArrayList<>();
        ByteBuffer digest = multihash.digestBuffer();
        for (Bucket bucket : buckets) {
            if (bucket.digestBytes() != digest.remaining()
                    || (format == Format.MULTIHASH_SORTED && bucket.functionCode() != multihash.code())) {
                continue;
            }
            int count = bucket.count();
            for (int i = bucket.lowerBound(digest); i < count && bucket.compare(i, digest) == 0; i++) {
                offsets.add(bucket.offset(i));
            }
        }
        return offsets;
    }
}

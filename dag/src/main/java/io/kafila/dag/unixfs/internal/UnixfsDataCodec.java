package io.kafila.dag.unixfs.internal;

import io.kafila.dag.unixfs.ImportOptions;
import io.kafila.dag.unixfs.UnixfsData;
import io.kafila.dag.unixfs.UnixfsException;
import io.kafila.dag.unixfs.UnixfsType;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The bytes of {@link UnixfsData} (specs.ipfs.tech/unixfs, the messages Data and IPFSTimestamp). */
public final class UnixfsDataCodec {
    private static final int TYPE = 1;
    private static final int DATA = 2;
    private static final int FILESIZE = 3;
    private static final int BLOCKSIZES = 4;
    private static final int HASH_TYPE = 5;
    private static final int FANOUT = 6;
    private static final int MODE = 7;
    private static final int MTIME = 8;
    private static final int SECONDS = 1;
    private static final int NANOS = 2;
    private static final long MAX_NANOS = 999_999_999;

    private UnixfsDataCodec() {}

    /** Reads to the end of {@code reader}. Fields that the format does not know are passed over. */
    public static UnixfsData decode(ProtoReader reader) {
        Optional<UnixfsType> type = Optional.empty();
        Optional<ByteBuffer> data = Optional.empty();
        OptionalLong filesize = OptionalLong.empty();
        List<Long> blocksizes = new ArrayList<>();
        OptionalLong hashType = OptionalLong.empty();
        OptionalInt fanout = OptionalInt.empty();
        OptionalInt mode = OptionalInt.empty();
        Optional<Instant> mtime = Optional.empty();
        int seen = 0;
        while (reader.next()) {
            int field = reader.field();
            if (field <= MTIME && field != BLOCKSIZES) {
                if ((seen & 1 << field) != 0) {
                    throw reader.malformed("field " + field + " twice", "once");
                }
                seen |= 1 << field;
            }
            switch (field) {
                case TYPE -> type = Optional.of(type(reader));
                case DATA -> data = Optional.of(reader.bytes());
                case FILESIZE -> filesize = OptionalLong.of(size(reader, "filesize", reader.uint64()));
                case BLOCKSIZES -> blocksizes(reader, blocksizes);
                case HASH_TYPE -> hashType = OptionalLong.of(reader.uint64());
                case FANOUT -> fanout = OptionalInt.of(fanout(reader));
                case MODE -> mode = OptionalInt.of(mode(reader));
                case MTIME -> mtime = Optional.of(mtime(new ProtoReader(reader.bytes())));
                default -> reader.skip();
            }
        }
        if (type.isEmpty()) {
            throw reader.malformed("no type", "one");
        }
        return new UnixfsData(type.get(), data, filesize, blocksizes, hashType, fanout, mode, mtime);
    }

    /** The canonical bytes of {@code node}. */
    public static byte[] encode(UnixfsData node) {
        ProtoWriter writer = new ProtoWriter(64
                + node.data().map(ByteBuffer::remaining).orElse(0)
                + node.blocksizes().size() * 5);
        writer.uint64(TYPE, node.type().number());
        node.data().ifPresent(data -> writer.bytes(DATA, data));
        node.filesize().ifPresent(size -> writer.uint64(FILESIZE, size));
        node.blocksizes().forEach(size -> writer.uint64(BLOCKSIZES, size));
        node.hashType().ifPresent(hash -> writer.uint64(HASH_TYPE, hash));
        node.fanout().ifPresent(slots -> writer.uint64(FANOUT, slots));
        node.mode().ifPresent(mode -> writer.uint64(MODE, Integer.toUnsignedLong(mode)));
        node.mtime().ifPresent(mtime -> writer.bytes(MTIME, ByteBuffer.wrap(timestamp(mtime))));
        return writer.toByteArray();
    }

    private static byte[] timestamp(Instant mtime) {
        long seconds = mtime.getEpochSecond();
        int nanos = mtime.getNano();
        ProtoWriter writer = new ProtoWriter(16).uint64(SECONDS, seconds);
        if (nanos != 0) {
            writer.fixed32(NANOS, nanos);
        }
        return writer.toByteArray();
    }

    private static UnixfsType type(ProtoReader reader) {
        long number = reader.uint64();
        return UnixfsType.byNumber(number)
                .orElseThrow(() -> reader.malformed("type " + Long.toUnsignedString(number), "0 to 5"));
    }

    private static long size(ProtoReader reader, String what, long value) {
        if (value < 0) {
            throw reader.malformed(what + " of " + Long.toUnsignedString(value), "less than 2^63");
        }
        return value;
    }

    /** One size, or several in the packed form that protobuf allows. */
    private static void blocksizes(ProtoReader reader, List<Long> sizes) {
        if (reader.wireType() == ProtoReader.BYTES) {
            ProtoReader packed = new ProtoReader(reader.bytes());
            while (packed.hasMore()) {
                sizes.add(size(reader, "blocksize", packed.varint()));
            }
        } else {
            sizes.add(size(reader, "blocksize", reader.uint64()));
        }
    }

    private static int fanout(ProtoReader reader) {
        long fanout = reader.uint64();
        if (fanout < 8 || fanout > ImportOptions.MAX_HAMT_FANOUT || Long.bitCount(fanout) != 1) {
            throw reader.malformed(
                    "fanout " + Long.toUnsignedString(fanout),
                    "a power of two from 8 to " + ImportOptions.MAX_HAMT_FANOUT);
        }
        return (int) fanout;
    }

    private static int mode(ProtoReader reader) {
        long mode = reader.uint64();
        if (mode < 0 || mode > 0xffff_ffffL) {
            throw reader.malformed("mode 0x" + Long.toHexString(mode), "32 bits");
        }
        return (int) mode;
    }

    private static Instant mtime(ProtoReader reader) {
        OptionalLong seconds = OptionalLong.empty();
        long nanos = 0;
        while (reader.next()) {
            switch (reader.field()) {
                case SECONDS -> seconds = OptionalLong.of(reader.uint64());
                case NANOS -> nanos = Integer.toUnsignedLong(reader.fixed32());
                default -> reader.skip();
            }
        }
        if (seconds.isEmpty() || nanos > MAX_NANOS) {
            throw reader.malformed(
                    "mtime " + (seconds.isEmpty() ? "without seconds" : "with " + nanos + " nanoseconds"),
                    "seconds and at most " + MAX_NANOS + " nanoseconds");
        }
        try {
            return Instant.ofEpochSecond(seconds.getAsLong(), nanos);
        } catch (DateTimeException e) {
            throw new UnixfsException("unixfs: mtime of " + seconds.getAsLong() + " seconds is out of range", e);
        }
    }
}

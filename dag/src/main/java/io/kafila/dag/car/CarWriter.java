package io.kafila.dag.car;

import io.kafila.blockstore.Block;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes an archive through a channel: a CARv1 as a stream, a CARv2 into a file.
 *
 * <p>Blocks are written as they come, duplicates too, and are not verified. Nothing is whole before {@link #finish()}. The
 * writer blocks, belongs to one thread at a time and does not close the channel.
 */
public final class CarWriter {
    /** Small pieces are gathered into writes of this size. */
    private static final int BUFFER_BYTES = 256 * 1024;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Present in a CARv2: where its header goes in the end. */
    private final @Nullable SeekableByteChannel file;

    private final @Nullable CarIndexBuilder index;
    private long written;
    private boolean finished;

    private CarWriter(
            WritableByteChannel channel, @Nullable SeekableByteChannel file, @Nullable CarIndexBuilder index) {
        this.channel = channel;
        this.file = file;
        this.index = index;
    }

    /** A CARv1; it may have no roots. */
    public static CarWriter v1(WritableByteChannel channel, List<Cid> roots) {
        CarWriter writer = new CarWriter(channel, null, null);
        writer.header(roots);
        return writer;
    }

    /**
     * A CARv2, with an index where a format is given. The index is held in memory until the end: about 48 bytes a block.
     *
     * @param file an empty one
     */
    public static CarWriter v2(SeekableByteChannel file, List<Cid> roots, Optional<CarIndex.Format> indexFormat) {
        CarWriter writer =
                new CarWriter(file, file, indexFormat.map(CarIndexBuilder::new).orElse(null));
        writer.put(ByteBuffer.wrap(CarV2Header.pragma()));
        // Zeros make it no archive until the end is reached.
        writer.put(ByteBuffer.allocate(CarV2Header.SIZE_BYTES));
        writer.header(roots);
        return writer;
    }

    private void header(List<Cid> roots) {
        byte[] header = CarV1Header.of(roots).encode();
        put(ByteBuffer.wrap(Varint.encode(header.length)));
        put(ByteBuffer.wrap(header));
    }

    /** Appends a block, which stays the caller's. */
    public void write(Block block) {
        if (finished) {
            throw new IllegalStateException("car: the archive is finished");
        }
        byte[] cid = block.cid().bytes();
        Multihash multihash = block.cid().multihash();
        if (index != null && multihash.code() != Multicodec.IDENTITY.code()) {
            index.add(multihash, written - dataOffset());
        }
        put(ByteBuffer.wrap(Varint.encode((long) cid.length + block.sizeBytes())));
        put(ByteBuffer.wrap(cid));
        for (ByteBuffer bytes : block.payload().buffers()) {
            put(bytes);
        }
    }

    /** Writes what is buffered, and the index and the header of a CARv2. Idempotent. */
    public void finish() {
        if (finished) {
            return;
        }
        SeekableByteChannel target = file;
        if (target == null) {
            flush();
            finished = true;
            return;
        }
        long dataSize = written - dataOffset();
        long indexOffset = 0;
        if (index != null) {
            indexOffset = written;
            index.encode(bytes -> put(bytes));
        }
        flush();
        try {
            long end = target.position();
            target.position(end - written + CarV2Header.PRAGMA_BYTES);
            drain(ByteBuffer.wrap(new CarV2Header(0, 0, dataOffset(), dataSize, indexOffset).encode()));
            target.position(end);
        } catch (IOException e) {
            throw CarException.io(written, "cannot write the header", e);
        }
        finished = true;
    }

    /** How many bytes the archive has so far. */
    public long sizeBytes() {
        return written;
    }

    private static long dataOffset() {
        return CarV2Header.PRAGMA_BYTES + CarV2Header.SIZE_BYTES;
    }

    private void put(ByteBuffer bytes) {
        written += bytes.remaining();
        if (bytes.remaining() > buffer.remaining()) {
            flush();
        }
        if (bytes.remaining() > buffer.remaining()) {
            drain(bytes);
        } else {
            buffer.put(bytes);
        }
    }

    private void flush() {
        buffer.flip();
        drain(buffer);
        buffer.clear();
    }

    private void drain(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    throw CarException.at(written, "channel that does not block", "a blocking one");
                }
            }
        } catch (IOException e) {
            throw CarException.io(written, "cannot write", e);
        }
    }
}

package io.kafila.dag.unixfs;

import io.kafila.dag.unixfs.internal.ProtoReader;
import io.kafila.dag.unixfs.internal.UnixfsDataCodec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a UnixFS node says beside its links: the protobuf message in the data of a dag-pb block (specs.ipfs.tech/unixfs).
 *
 * @param data the bytes of a file or a leaf, the target of a symlink, the bitfield of a shard; not copied. The accessor
 *     answers a fresh read-only view.
 * @param filesize the bytes of the file below this node
 * @param blocksizes the bytes of the file below each link
 * @param hashType the function that places entries in a shard
 * @param fanout how many slots a shard has
 * @param mode permissions, and whatever else the writer has put above their twelve bits
 */
public record UnixfsData(
        UnixfsType type,
        Optional<ByteBuffer> data,
        OptionalLong filesize,
        List<Long> blocksizes,
        OptionalLong hashType,
        OptionalInt fanout,
        OptionalInt mode,
        Optional<Instant> mtime) {

    public UnixfsData {
        data = data.map(bytes -> bytes.slice().asReadOnlyBuffer());
        blocksizes = List.copyOf(blocksizes);
    }

    /** A node with a type and nothing else. */
    public static UnixfsData of(UnixfsType type) {
        return new UnixfsData(
                type,
                Optional.empty(),
                OptionalLong.empty(),
                List.of(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    /**
     * The message in {@code bytes}; its data is a view of them.
     *
     * @throws UnixfsException if the bytes are no such message, or one that breaks the format by itself
     */
    public static UnixfsData decode(ByteBuffer bytes) {
        return UnixfsDataCodec.decode(new ProtoReader(bytes.slice()));
    }

    /** The canonical bytes: fields by their number, blocksizes one by one. */
    public byte[] encode() {
        return UnixfsDataCodec.encode(this);
    }

    @Override
    public Optional<ByteBuffer> data() {
        return data.map(ByteBuffer::duplicate);
    }

    /** The permissions alone; empty where they are absent or zero, which means the same. */
    public OptionalInt permissions() {
        int bits = mode.orElse(0) & 07777;
        return bits == 0 ? OptionalInt.empty() : OptionalInt.of(bits);
    }

    public UnixfsData withData(ByteBuffer value) {
        return new UnixfsData(type, Optional.of(value), filesize, blocksizes, hashType, fanout, mode, mtime);
    }

    public UnixfsData withFile(long filesizeBytes, List<Long> sizes) {
        return new UnixfsData(type, data, OptionalLong.of(filesizeBytes), sizes, hashType, fanout, mode, mtime);
    }

    public UnixfsData withShard(long hashFunction, int slots) {
        return new UnixfsData(
                type, data, filesize, blocksizes, OptionalLong.of(hashFunction), OptionalInt.of(slots), mode, mtime);
    }

    public UnixfsData withMetadata(OptionalInt newMode, Optional<Instant> newMtime) {
        return new UnixfsData(type, data, filesize, blocksizes, hashType, fanout, newMode, newMtime);
    }
}

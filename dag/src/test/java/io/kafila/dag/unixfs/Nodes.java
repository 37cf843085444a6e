package io.kafila.dag.unixfs;

import io.kafila.dag.DagPbNode;
import io.kafila.dag.PbLink;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multicodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Blocks made by hand, good and bad. */
record Nodes(TestRepository store) {

    /** What a future has, or what it failed with. */
    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    Cid bytes(Multicodec codec, byte[] bytes) {
        return store.put(Cid.v1(codec, HashFunction.SHA2_256.digest(bytes)), bytes);
    }

    Cid raw(byte[] bytes) {
        return bytes(Multicodec.RAW, bytes);
    }

    Cid put(List<PbLink> links, UnixfsData data) {
        return bytes(Multicodec.DAG_PB, new DagPbNode(links, Optional.of(ByteBuffer.wrap(data.encode()))).encode());
    }

    Cid file(List<PbLink> links, List<Long> blocksizes, long filesize) {
        return put(links, UnixfsData.of(UnixfsType.FILE).withFile(filesize, blocksizes));
    }

    /** A shard with the bitfield given as bytes. */
    Cid shard(List<PbLink> links, int fanout, int... bits) {
        byte[] bitfield = new byte[bits.length];
        for (int i = 0; i < bits.length; i++) {
            bitfield[i] = (byte) bits[i];
        }
        return put(
                links,
                UnixfsData.of(UnixfsType.HAMT_SHARD)
                        .withData(ByteBuffer.wrap(bitfield))
                        .withShard(0x22, fanout));
    }
}

package io.kafila.dag.unixfs.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A chunk that is being read: the parts of slabs that it lies in. Confined to one thread, but for {@link #source}. */
final class ChunkParts {
    /** A fraction of a core's cache, so that what is read is still there when it is hashed. */
    static final int PIECE_BYTES = 256 * 1024;

    private final List<Slab> slabs = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private int sizeBytes;
    private Source source = taker -> pieces().forEach(taker);

    /** Gives the bytes of a chunk, in order, once they are where its parts are. */
    @FunctionalInterface
    interface Source {
        void forEach(Consumer<ByteBuffer> taker) throws IOException;
    }

    /** Adds what lies from {@code from} to {@code to} of {@code slab}, which it keeps. */
    void add(Slab slab, int from, int to) {
        if (from == to) {
            return;
        }
        sizeBytes += to - from;
        int last = slabs.size() - 1;
        if (last >= 0 && slabs.get(last) == slab && ends.get(last) == from) {
            ends.set(last, to);
            return;
        }
        slab.retain();
        slabs.add(slab);
        starts.add(from);
        ends.add(to);
    }

    /**
     * Says that the bytes are not in the slabs yet, but in {@code file} from {@code position} on; whoever hashes them
     * reads them first, a piece at a time.
     */
    void lieIn(FileChannel file, long position) {
        source = taker -> read(file, position, taker);
    }

    /** Where the bytes come from; to be asked once, before anybody else looks at them. */
    Source source() {
        return source;
    }

    private void read(FileChannel file, long position, Consumer<ByteBuffer> taker) throws IOException {
        long at = position;
        for (int i = 0; i < slabs.size(); i++) {
            for (int from = starts.get(i); from < ends.get(i); ) {
                int to = Math.min(from + PIECE_BYTES, ends.get(i));
                int count = file.read(slabs.get(i).room(from, to), at);
                if (count < 0) {
                    throw new IOException("the file ends at " + at + ", want at least " + (position + sizeBytes)
                            + " bytes as when it was opened");
                }
                taker.accept(slabs.get(i).part(from, from + count));
                from += count;
                at += count;
            }
        }
    }

    int sizeBytes() {
        return sizeBytes;
    }

    List<Slab> slabs() {
        return slabs;
    }

    List<ByteBuffer> pieces() {
        List<ByteBuffer> pieces = new ArrayList<>(slabs.size());
        for (int i = 0; i < slabs.size(); i++) {
            pieces.add(slabs.get(i).part(starts.get(i), ends.get(i)));
        }
        return pieces;
    }

    void release() {
        slabs.forEach(Slab::release);
    }
}

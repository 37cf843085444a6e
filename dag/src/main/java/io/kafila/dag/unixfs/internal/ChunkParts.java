package io.kafila.dag.unixfs.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** A chunk that is being read: the parts of slabs that it lies in. Confined to one thread, but for {@link #filling}. */
final class ChunkParts {
    private final List<Slab> slabs = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private int sizeBytes;
    private Filling filling = () -> {};

    /** Brings the bytes of a chunk to where its parts are. */
    @FunctionalInterface
    interface Filling {
        void run() throws IOException;
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
     * reads them first.
     */
    void lieIn(FileChannel file, long position) {
        filling = () -> read(file, position);
    }

    /** What brings the bytes into the slabs before anybody looks at them. */
    Filling filling() {
        return filling;
    }

    private void read(FileChannel file, long position) throws IOException {
        long at = position;
        for (int i = 0; i < slabs.size(); i++) {
            ByteBuffer target = slabs.get(i).room(starts.get(i), ends.get(i));
            while (target.hasRemaining()) {
                int count = file.read(target, at);
                if (count < 0) {
                    throw new IOException("the file ends at " + at + ", want at least " + (position + sizeBytes)
                            + " bytes as when it was opened");
                }
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

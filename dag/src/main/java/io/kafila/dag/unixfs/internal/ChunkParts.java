package io.kafila.dag.unixfs.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A chunk that is being read: the parts of slabs that it lies in. Confined to one thread. */
final class ChunkParts {
    private final List<Slab> slabs = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private int sizeBytes;

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

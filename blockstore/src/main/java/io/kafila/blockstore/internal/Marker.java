package io.kafila.blockstore.internal;

import io.kafila.blockstore.Block;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.LinkExtractor;
import io.kafila.blockstore.Pin;
import io.kafila.blockstore.PinMode;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multicodec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The mark phase of garbage collection: what pins reach, as hashes of multihashes, about 16 bytes for each block.
 * Confined to one thread at a time.
 *
 * <p>A block that a pin reaches and that is absent ends the collection with an error, as in Kubo: what lies below it
 * cannot be known, and must not be removed. Two multihashes with the same 64-bit hash only keep a block too many.
 */
public final class Marker {
    private record Walk(Pin pin, Iterator<Cid> left) {}

    private final LinkExtractor links;
    private final Function<Cid, Optional<Block>> read;
    private final LongSet marked = new LongSet();
    private final LongSet walked = new LongSet();
    private final Deque<Walk> stack = new ArrayDeque<>();

    /** @param read a block from the store, empty where it is absent; the marker closes it */
    public Marker(LinkExtractor links, Function<Cid, Optional<Block>> read) {
        this.links = links;
        this.read = read;
    }

    public void add(Pin pin) {
        if (pin.mode() == PinMode.DIRECT) {
            marked.add(Keys.hash(pin.cid().multihash().bytes()));
        } else {
            stack.addLast(new Walk(pin, List.of(pin.cid()).iterator()));
        }
    }

    /**
     * Goes on with at most {@code blocks} links; answers whether there is more to do.
     *
     * @throws BlockstoreException if a block below a pin is absent or cannot be read
     */
    public boolean step(int blocks) {
        for (int i = 0; i < blocks; i++) {
            Walk walk = stack.peekLast();
            if (walk == null) {
                return false;
            }
            if (walk.left().hasNext()) {
                visit(walk.pin(), walk.left().next());
            } else {
                stack.removeLast();
            }
        }
        return !stack.isEmpty();
    }

    public boolean marked(byte[] key) {
        return marked.contains(Keys.hash(key));
    }

    private void visit(Pin pin, Cid cid) {
        byte[] key = cid.multihash().bytes();
        if (!Keys.inlined(cid)) {
            marked.add(Keys.hash(key));
        }
        if (cid.codec() == Multicodec.RAW.code() || !walked.add(Keys.hash(key, cid.codec()))) {
            return;
        }
        Block found = read.apply(cid)
                .orElseThrow(() -> new BlockstoreException("garbage collection: block " + cid + " below the pin "
                        + pin.cid() + " is absent, so what it keeps is not known; nothing more is removed"));
        try (Block block = found) {
            List<Cid> below = links.links(block);
            if (!below.isEmpty()) {
                stack.addLast(new Walk(pin, below.iterator()));
            }
        }
    }
}

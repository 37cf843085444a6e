package io.kafila.dag.internal;

import io.kafila.blockstore.Block;
import io.kafila.dag.DagException;
import io.kafila.dag.PbLink;
import io.kafila.dag.WalkOptions;
import io.kafila.dag.WalkStep;
import io.kafila.multiformats.Cid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a walk knows and has not visited, in the order of the visits: says what to fetch next and what to deliver.
 *
 * <p>A list of entries, the next visit first; the links of a block are put behind its entry when the block is there, also
 * when the entry is not yet at the head, so that fetching runs ahead into the depth. A second list, in the same order,
 * leaves out the entries whose links are known, so that the next one to fetch is near its head. No I/O; confined to its
 * walk's lock.
 *
 * <p>Blocks may come in any order and weigh more than was guessed. One that comes out of turn and passes the bytes that may be
 * held gives its links and is let go: the source has it, and is asked again when its turn comes.
 */
final class WalkFrontier {
    /** How many entries are passed over for one to fetch: many links to one block must not cost a full pass each. */
    private static final int MAX_PASSED = 256;

    /** What an unknown block is taken to weigh, before any was seen: the default size of a chunk. */
    private static final long FIRST_ESTIMATE_BYTES = 1024 * 1024;

    private final WalkOptions options;
    private final VisitedSet visited;
    private final Entry ends = new Entry(null, null, "", -1, null);
    /** How often each Cid is held or under way, to fetch what several links share once. */
    private final Map<Cid, Integer> held = new HashMap<>();

    /** Before it no entry is to be fetched, but maybe the head. */
    private Entry fetchFrom = ends;

    private @Nullable DagException overflow;
    private int pending;
    private int underWay;
    private long heldBytes;
    private double estimateBytes = FIRST_ESTIMATE_BYTES;

    /** Where an entry stands. */
    enum State {
        KNOWN,
        UNDER_WAY,
        /** Its links are known, its block was let go. */
        DROPPED,
        READY,
        GONE
    }

    /** One visit to come. */
    static final class Entry {
        private final @Nullable Cid cid;
        private final @Nullable Cid parent;
        private final String linkName;
        private final int depth;
        private final VisitedSet.@Nullable Fingerprint fingerprint;
        private Entry previous = this;
        private Entry next = this;
        private Entry previousOpen = this;
        private Entry nextOpen = this;
        private State state = State.KNOWN;
        private @Nullable Block block;
        private @Nullable Throwable failure;
        private List<PbLink> links = List.of();
        private boolean expanded;

        private Entry(
                @Nullable Cid cid,
                @Nullable Cid parent,
                String linkName,
                int depth,
                VisitedSet.@Nullable Fingerprint fingerprint) {
            this.cid = cid;
            this.parent = parent;
            this.linkName = linkName;
            this.depth = depth;
            this.fingerprint = fingerprint;
        }

        Cid cid() {
            if (cid == null) {
                throw new IllegalStateException("the ends of the list are no entry");
            }
            return cid;
        }
    }

    WalkFrontier(List<Cid> roots, WalkOptions options) {
        this.options = options;
        this.visited = new VisitedSet(options.unique() && options.maxDepth() < Integer.MAX_VALUE);
        Entry last = ends;
        for (Cid root : roots) {
            last = insert(entry(root, null, "", 0), last, last);
        }
        fetchFrom = ends.nextOpen;
    }

    private Entry entry(Cid cid, @Nullable Cid parent, String linkName, int depth) {
        return new Entry(cid, parent, linkName, depth, options.unique() ? visited.fingerprint(cid) : null);
    }

    boolean isEmpty() {
        head();
        return ends.next == ends;
    }

    /** The next block to fetch, now under way; null where the budget is spent or nothing is left to fetch. */
    @Nullable
    Entry fetchNext() {
        Entry head = head();
        if (head != ends && head.state == State.DROPPED) {
            head.state = State.UNDER_WAY;
            underWay++;
            return head;
        }
        if (head != ends && head.state == State.KNOWN && options.fetched().test(head.cid())) {
            return begin(head);
        }
        int passed = 0;
        while (fetchFrom != ends && passed < MAX_PASSED) {
            Entry entry = fetchFrom;
            if (entry.state == State.KNOWN) {
                if (isDone(entry)) {
                    remove(entry);
                    continue;
                }
                if (!options.fetched().test(entry.cid())) {
                    entry.state = State.READY;
                    settle(entry);
                    continue;
                }
                if (!options.unique() || !held.containsKey(entry.cid())) {
                    return affordable() ? begin(entry) : null;
                }
                // What another link has brought under way is here when this one is the head.
                passed++;
            }
            fetchFrom = entry.nextOpen;
        }
        return null;
    }

    private Entry begin(Entry entry) {
        entry.state = State.UNDER_WAY;
        underWay++;
        held.merge(entry.cid(), 1, Integer::sum);
        return entry;
    }

    /** An entry leaves the list of those whose links are not known. */
    private void settle(Entry entry) {
        if (fetchFrom == entry) {
            fetchFrom = entry.nextOpen;
        }
        entry.previousOpen.nextOpen = entry.nextOpen;
        entry.nextOpen.previousOpen = entry.previousOpen;
        entry.previousOpen = entry;
        entry.nextOpen = entry;
    }

    private boolean affordable() {
        return underWay < options.aheadBlocks() && heldBytes + (underWay + 1) * estimateBytes <= options.aheadBytes();
    }

    /** The block arrived. False where it is not held, as nobody wants it any more, or not yet; then the caller keeps it. */
    boolean ready(Entry entry, Block block, List<PbLink> links) {
        Entry before = entry.previousOpen;
        if (!arrived(entry)) {
            return false;
        }
        if (!entry.expanded) {
            entry.expanded = true;
            entry.links = links;
            estimateBytes += (block.sizeBytes() - estimateBytes) / 16;
            expand(entry, before);
        }
        if (entry != ends.next && heldBytes + block.sizeBytes() > options.aheadBytes()) {
            entry.state = State.DROPPED;
            return false;
        }
        entry.block = block;
        heldBytes += block.sizeBytes();
        return true;
    }

    /** Puts what an entry links to behind it. */
    private void expand(Entry entry, Entry before) {
        if (entry.depth >= options.maxDepth()) {
            return;
        }
        Entry last = entry;
        Entry lastOpen = before;
        for (PbLink link : entry.links) {
            Entry child = entry(link.cid(), entry.cid, link.name(), entry.depth + 1);
            if (!isDone(child)) {
                insert(child, last, lastOpen);
                last = child;
                lastOpen = child;
            }
        }
        fetchFrom = ends.nextOpen;
        if (pending > options.maxPending() && overflow == null) {
            overflow = new DagException(
                    "walk: " + pending + " links known and not yet visited, want at most " + options.maxPending());
        }
    }

    /** The block cannot be had or read. */
    void failed(Entry entry, Throwable failure) {
        if (arrived(entry)) {
            entry.failure = failure;
        }
    }

    private boolean arrived(Entry entry) {
        if (entry.state != State.UNDER_WAY) {
            return false;
        }
        entry.state = State.READY;
        settle(entry);
        underWay--;
        return true;
    }

    /** Moves visits whose blocks are there to {@code steps} until they are {@code limit}; the failure that ends the walk. */
    @Nullable
    Throwable takeReady(List<WalkStep> steps, int limit) {
        while (steps.size() < limit) {
            if (overflow != null) {
                return overflow;
            }
            Entry head = head();
            if (head != ends && head.state == State.KNOWN && !options.fetched().test(head.cid())) {
                head.state = State.READY;
                settle(head);
            }
            if (head == ends || head.state != State.READY) {
                return null;
            }
            if (head.failure != null && !options.failures()) {
                return head.failure;
            }
            boolean first = head.fingerprint == null || visited.depth(head.fingerprint) == VisitedSet.UNSEEN;
            if (head.fingerprint != null) {
                visited.put(head.fingerprint, head.depth);
            }
            Block block = head.block;
            if (first) {
                steps.add(new WalkStep(
                        head.cid(),
                        Optional.ofNullable(head.parent),
                        head.linkName,
                        head.depth,
                        Optional.ofNullable(block),
                        head.links,
                        Optional.ofNullable(head.failure)));
                head.block = null;
                heldBytes -= block == null ? 0 : block.sizeBytes();
            }
            remove(head);
        }
        return null;
    }

    /** Lets go of everything; blocks that are under way find nobody to take them. */
    void clear() {
        while (ends.next != ends) {
            remove(ends.next);
        }
    }

    /** The next visit; what was visited meanwhile is passed over. */
    private Entry head() {
        while (ends.next != ends && isDone(ends.next)) {
            remove(ends.next);
        }
        return ends.next;
    }

    /**
     * Whether the entry need not be visited. Under a maximum depth, what was seen deeper down is walked again, as its own
     * links may have been cut off there; it is not delivered twice.
     */
    private boolean isDone(Entry entry) {
        if (entry.fingerprint == null) {
            return false;
        }
        int seen = visited.depth(entry.fingerprint);
        return seen != VisitedSet.UNSEEN && seen <= entry.depth;
    }

    private Entry insert(Entry entry, Entry after, Entry afterOpen) {
        entry.previous = after;
        entry.next = after.next;
        after.next.previous = entry;
        after.next = entry;
        entry.previousOpen = afterOpen;
        entry.nextOpen = afterOpen.nextOpen;
        afterOpen.nextOpen.previousOpen = entry;
        afterOpen.nextOpen = entry;
        pending++;
        return entry;
    }

    private void remove(Entry entry) {
        entry.previous.next = entry.next;
        entry.next.previous = entry.previous;
        settle(entry);
        pending--;
        if (entry.state == State.UNDER_WAY) {
            underWay--;
        }
        if (entry.state != State.KNOWN && options.fetched().test(entry.cid())) {
            held.computeIfPresent(entry.cid(), (cid, count) -> count == 1 ? null : count - 1);
        }
        entry.state = State.GONE;
        if (entry.block != null) {
            heldBytes -= entry.block.sizeBytes();
            entry.block.close();
            entry.block = null;
        }
    }
}

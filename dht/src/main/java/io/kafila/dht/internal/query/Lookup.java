package io.kafila.dht.internal.query;

import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One walk through the keyspace towards a target: says whom to ask next, is told what came of it, and knows when it is
 * done. No I/O, no thread, no clock; confined to the DHT's loop.
 *
 * <p>First the nearest peer that was not asked yet is asked, {@code alpha} at a time, until the {@code beta} nearest have
 * all answered: then nothing nearer is likely to be learnt. After that those of the {@code k} nearest that were not asked yet are asked.
 * Peers that failed do not count. A request without an answer for {@code stallNanos} gives its place to another and is
 * not waited for once the others suffice.
 *
 * <p>It ends: each peer is asked once, at most {@code maxAsked} are, and no more than {@link #MAX_HEARD} are remembered.
 *
 * <p>In the spirit of rust-libp2p's {@code closest.rs}; the two phases are those of go-libp2p-kad-dht's {@code lookup.go}.
 */
public final class Lookup {
    /** The most peers remembered; the farthest of those that were not asked are forgotten. */
    public static final int MAX_HEARD = 1024;

    private enum State {
        HEARD,
        ASKED,
        STALLED,
        ANSWERED,
        FAILED
    }

    private static final class Entry {
        private final Contact contact;
        private State state = State.HEARD;
        private long askedNanos;
        private final int depth;

        Entry(Contact contact, int depth) {
            this.contact = contact;
            this.depth = depth;
        }

        boolean isLive() {
            return state != State.FAILED && state != State.STALLED;
        }
    }

    private final LookupOptions options;
    private final TreeMap<KadKey, Entry> nearest;
    private final Map<PeerId, Entry> byPeer = new HashMap<>();

    /** Those that are asked and not stalled, in the order of asking: at most alpha. */
    private final List<Entry> underWay = new ArrayList<>();

    private int asked;
    private int hops;
    private boolean stopped;

    /** @param seeds the nearest peers that are known; more than k are not used */
    public Lookup(KadKey target, Collection<Contact> seeds, LookupOptions options) {
        this.options = options;
        this.nearest = new TreeMap<>(target::compareDistances);
        seeds.forEach(seed -> hear(seed, 0));
    }

    /**
     * Whom to ask now; {@code null} if nobody, for now or for ever. To be called again after every event, and after
     * {@link #nextStallNanos()}.
     */
    public @Nullable Contact next(long nowNanos) {
        if (stopped) {
            return null;
        }
        stall(nowNanos);
        if (underWay.size() >= options.alpha() || asked >= options.maxAsked()) {
            return null;
        }
        int wanted = hasConverged() ? options.k() : Integer.MAX_VALUE;
        int seen = 0;
        for (Entry entry : nearest.values()) {
            if (!entry.isLive()) {
                continue;
            }
            if (entry.state == State.HEARD) {
                entry.state = State.ASKED;
                entry.askedNanos = nowNanos;
                asked++;
                underWay.add(entry);
                return entry.contact;
            }
            seen++;
            if (seen == wanted) {
                break;
            }
        }
        return null;
    }

    /** A peer has answered; {@code closer} is what it knows, of which the first k count. */
    public void onSuccess(PeerId peer, List<Contact> closer) {
        Entry entry = leave(peer, State.ANSWERED);
        if (entry != null && !stopped) {
            hops = Math.max(hops, entry.depth + 1);
            int counted = Math.min(closer.size(), options.k());
            for (int i = 0; i < counted; i++) {
                hear(closer.get(i), entry.depth + 1);
            }
        }
    }

    public void onFailure(PeerId peer) {
        leave(peer, State.FAILED);
    }

    /** Asks nobody any more: what was looked for is found. */
    public void stop() {
        stopped = true;
    }

    /** Whether there is nobody to ask and nobody to wait for. */
    public boolean isFinished() {
        if (stopped) {
            return true;
        }
        boolean converged = hasConverged();
        boolean exhausted = asked >= options.maxAsked();
        int seen = 0;
        for (Entry entry : nearest.values()) {
            if (entry.state == State.ASKED
                    || (entry.state == State.HEARD && !exhausted)
                    || (entry.state == State.STALLED && !converged)) {
                return false;
            }
            if (entry.isLive()) {
                seen++;
                if (converged && seen == options.k()) {
                    break;
                }
            }
        }
        return true;
    }

    /** The nearest that have answered, nearest first, at most k. */
    public List<Contact> result() {
        List<Contact> answered = new ArrayList<>();
        for (Entry entry : nearest.values()) {
            if (entry.state == State.ANSWERED) {
                answered.add(entry.contact);
                if (answered.size() == options.k()) {
                    break;
                }
            }
        }
        return answered;
    }

    /** When {@link #next} is to be called again for a request that stalls, as a time; {@code Long.MAX_VALUE} if never. */
    public long nextStallNanos() {
        return underWay.isEmpty() ? Long.MAX_VALUE : underWay.get(0).askedNanos + options.stallNanos();
    }

    /** How many peers were asked. */
    public int asked() {
        return asked;
    }

    /** How many requests are under way, those that stalled not counted. */
    public int inFlight() {
        return underWay.size();
    }

    /** The longest chain of answers, each of which named the next peer to answer. */
    public int hops() {
        return hops;
    }

    private boolean hasConverged() {
        int seen = 0;
        for (Entry entry : nearest.values()) {
            if (entry.state == State.ANSWERED) {
                seen++;
                if (seen == options.beta()) {
                    return true;
                }
            } else if (entry.isLive()) {
                return false;
            }
        }
        return false;
    }

    private void hear(Contact contact, int depth) {
        if (nearest.size() >= MAX_HEARD && (nearest.containsKey(contact.key()) || !forgetFartherThan(contact.key()))) {
            return;
        }
        Entry entry = new Entry(contact, depth);
        if (nearest.putIfAbsent(contact.key(), entry) == null) {
            byPeer.put(contact.peer(), entry);
        }
    }

    private boolean forgetFartherThan(KadKey key) {
        for (Entry farthest : nearest.tailMap(key, false).descendingMap().values()) {
            if (farthest.state == State.HEARD) {
                nearest.remove(farthest.contact.key());
                byPeer.remove(farthest.contact.peer());
                return true;
            }
        }
        return false;
    }

    /** Ends a request; {@code null} if there was none. */
    private @Nullable Entry leave(PeerId peer, State state) {
        Entry entry = byPeer.get(peer);
        if (entry == null || (entry.state != State.ASKED && entry.state != State.STALLED)) {
            return null;
        }
        if (entry.state == State.ASKED) {
            underWay.remove(entry);
        }
        entry.state = state;
        return entry;
    }

    private void stall(long nowNanos) {
        while (!underWay.isEmpty() && nowNanos - underWay.get(0).askedNanos >= options.stallNanos()) {
            underWay.remove(0).state = State.STALLED;
        }
    }
}

package io.kafila.dht.internal.query;

import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.IpGroups;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * <p>No more than {@code maxPerGroup} peers of one IP group count, those that answer first: what others of it answer is not heard, and
 * they are not in the result. The group is that of the connection, for peers may say of themselves what they like.
 *
 * <p>A key around which somebody has put peers of his own shows: its k nearest lie much nearer than the k nearest of other keys. Then
 * more than k are wanted, see {@link Crowding}.
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
        /** Too many of its IP group have answered. */
        CROWDED,
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
            return state != State.FAILED && state != State.STALLED && state != State.CROWDED;
        }
    }

    private final KadKey target;
    private final LookupOptions options;
    private final Crowding crowding;
    private final Map<Integer, Integer> answeredOfGroup = new HashMap<>();
    private final TreeMap<KadKey, Entry> nearest;
    private final Map<PeerId, Entry> byPeer = new HashMap<>();

    /** Those that are asked and not stalled, in the order of asking: at most alpha. */
    private final List<Entry> underWay = new ArrayList<>();

    private int fullGroups;
    private int asked;
    private int hops;
    private boolean stopped;

    /** @param seeds the nearest peers that are known */
    public Lookup(KadKey target, Collection<Contact> seeds, LookupOptions options) {
        this(target, seeds, options, Crowding.UNKNOWN);
    }

    /** @param usualBits how many leading bits the k-th nearest of other keys shares with them; {@link Crowding#UNKNOWN} for k and no more */
    public Lookup(KadKey target, Collection<Contact> seeds, LookupOptions options, int usualBits) {
        this.target = target;
        this.options = options;
        this.crowding = new Crowding(options.k(), usualBits);
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
        int wanted = hasConverged() ? wanted() : Integer.MAX_VALUE;
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
        onSuccess(peer, Set.of(), closer);
    }

    /**
     * A peer has answered.
     *
     * @param groups the IP groups that it is connected from
     * @return whether that counts; not if enough of one of its groups have answered
     */
    public boolean onSuccess(PeerId peer, Set<Integer> groups, List<Contact> closer) {
        Entry entry = leave(peer, State.ANSWERED);
        if (entry == null) {
            return true;
        }
        for (int group : groups) {
            if (isFull(group)) {
                entry.state = State.CROWDED;
                return false;
            }
        }
        groups.forEach(this::count);
        if (!stopped) {
            hops = Math.max(hops, entry.depth + 1);
            int counted = Math.min(closer.size(), options.k());
            for (int i = 0; i < counted; i++) {
                hear(closer.get(i), entry.depth + 1);
            }
        }
        return true;
    }

    /** An answer of a group; the last one that counts leaves nothing to be asked of those that say they are of it, too. */
    private void count(int group) {
        if (answeredOfGroup.merge(group, 1, Integer::sum) < options.maxPerGroup()) {
            return;
        }
        fullGroups++;
        for (Entry entry : nearest.values()) {
            if (entry.state == State.HEARD && isCrowded(entry.contact)) {
                entry.state = State.CROWDED;
            }
        }
    }

    private boolean isFull(int group) {
        return answeredOfGroup.getOrDefault(group, 0) >= options.maxPerGroup();
    }

    /** Whether a peer says of itself that it is where enough have answered already. Whoever says otherwise is found out when it answers. */
    private boolean isCrowded(Contact contact) {
        if (fullGroups == 0) {
            return false;
        }
        for (int group : IpGroups.of(contact.addresses())) {
            if (!isFull(group)) {
                return false;
            }
        }
        return true;
    }

    /** How many of the nearest are to answer: k, or where somebody crowds around the target all that lie as near as is usual. */
    private int wanted() {
        int seen = 0;
        for (Entry entry : nearest.values()) {
            if (entry.isLive()) {
                if (crowding.endsBefore(seen, target.commonPrefix(entry.contact.key()))) {
                    break;
                }
                seen++;
            }
        }
        return Math.max(seen, options.k());
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
        int wanted = converged ? wanted() : Integer.MAX_VALUE;
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
                if (seen == wanted) {
                    break;
                }
            }
        }
        return true;
    }

    /** The nearest that have answered, nearest first, at most k; all that were wanted where somebody crowds around the target. */
    public List<Contact> result() {
        int wanted = wanted();
        List<Contact> answered = new ArrayList<>();
        for (Entry entry : nearest.values()) {
            if (entry.state == State.ANSWERED) {
                answered.add(entry.contact);
                if (answered.size() == wanted) {
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
        if (isCrowded(contact)) {
            entry.state = State.CROWDED;
        }
        if (nearest.putIfAbsent(contact.key(), entry) == null) {
            byPeer.put(contact.peer(), entry);
        }
    }

    private boolean forgetFartherThan(KadKey key) {
        for (Entry farthest : nearest.tailMap(key, false).descendingMap().values()) {
            if (farthest.state == State.HEARD || farthest.state == State.CROWDED) {
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

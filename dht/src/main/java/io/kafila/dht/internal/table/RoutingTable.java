package io.kafila.dht.internal.table;

import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.IpGroups;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The peers that a node knows to be servers, many near it and few far away: bucket i holds at most k of those that share
 * exactly i leading bits with it. No I/O, no thread, no clock; confined to the DHT's loop.
 *
 * <p>A peer comes in when it has answered, and stays as long as it answers: where a bucket is full, newcomers wait, at most k of
 * them, until one inside fails. So a flood of new peers cannot displace old ones. Peers of one IP group are limited in
 * each bucket and in all, those that wait not counted; they are looked at again when they are promoted.
 *
 * <p>Source: Maymounkov and Mazieres, Kademlia, 2.4 and 4.1; libp2p/specs kad-dht.
 */
public final class RoutingTable {

    /** What became of an offer. */
    public enum Offer {
        /** The peer is in the table now. */
        ADDED,
        /** It was there before. */
        KNOWN,
        /** Its bucket is full; it waits. */
        WAITING,
        /** There are enough of its IP group. */
        TOO_MANY_OF_GROUP
    }

    /** A peer of the table, for people. */
    public record Row(Contact contact, int bucket, long addedNanos, long answeredNanos) {}

    private static final class Entry {
        private Contact contact;
        private Set<Integer> groups;
        private final long addedNanos;
        private long answeredNanos;

        Entry(Contact contact, Set<Integer> groups, long nowNanos) {
            this.contact = contact;
            this.groups = groups;
            this.addedNanos = nowNanos;
            this.answeredNanos = nowNanos;
        }
    }

    private static final class Bucket {
        private final List<Entry> entries = new ArrayList<>(4);
        private final List<Contact> waiting = new ArrayList<>(0);

        @Nullable
        Entry find(KadKey key) {
            for (Entry entry : entries) {
                if (entry.contact.key().equals(key)) {
                    return entry;
                }
            }
            return null;
        }
    }

    private final KadKey self;
    private final TableOptions options;
    private final List<Bucket> buckets = new ArrayList<>();
    private final Map<Integer, Integer> groups = new HashMap<>();
    private int size;

    public RoutingTable(KadKey self, TableOptions options) {
        this.self = self;
        this.options = options;
    }

    public int size() {
        return size;
    }

    public boolean contains(Contact contact) {
        return bucket(contact.key()).find(contact.key()) != null;
    }

    /** Whether an offer would be taken at once. */
    public boolean hasRoomFor(Contact contact) {
        if (contact.key().equals(self)) {
            return false;
        }
        Bucket bucket = bucket(contact.key());
        return bucket.entries.size() < options.k()
                && bucket.find(contact.key()) == null
                && isDiverse(bucket, groups(contact));
    }

    /** Offers a peer that has just answered. */
    public Offer offer(Contact contact, long nowNanos) {
        if (contact.key().equals(self)) {
            throw new IllegalArgumentException("routing table: " + contact.peer() + " is this node itself");
        }
        Bucket bucket = bucket(contact.key());
        Entry known = bucket.find(contact.key());
        if (known != null) {
            known.answeredNanos = nowNanos;
            update(bucket, known, contact);
            return Offer.KNOWN;
        }
        if (bucket.entries.size() >= options.k()) {
            wait(bucket, contact);
            return Offer.WAITING;
        }
        Set<Integer> mine = groups(contact);
        if (!isDiverse(bucket, mine)) {
            return Offer.TOO_MANY_OF_GROUP;
        }
        bucket.waiting.removeIf(each -> each.peer().equals(contact.peer()));
        bucket.entries.add(new Entry(contact, mine, nowNanos));
        size++;
        count(mine, 1);
        return Offer.ADDED;
    }

    /** Keeps newer addresses of a peer that is in the table, if they are of no group that is full. */
    public void update(Contact contact) {
        Bucket bucket = bucket(contact.key());
        Entry entry = bucket.find(contact.key());
        if (entry != null) {
            update(bucket, entry, contact);
        }
    }

    /**
     * Takes out a peer that has failed.
     *
     * @return who takes its place if it answers, {@code null} if nobody waits; to be asked, then offered
     */
    public @Nullable Contact remove(PeerId peer, KadKey key) {
        Bucket bucket = bucket(key);
        bucket.waiting.removeIf(each -> each.peer().equals(peer));
        Entry entry = bucket.find(key);
        if (entry == null) {
            return null;
        }
        bucket.entries.remove(entry);
        size--;
        count(entry.groups, -1);
        for (int last = bucket.waiting.size() - 1; last >= 0; last--) {
            if (isDiverse(bucket, groups(bucket.waiting.get(last)))) {
                return bucket.waiting.remove(last);
            }
        }
        return null;
    }

    /** The {@code count} peers nearest to a point, nearest first. */
    public List<Contact> closest(KadKey target, int count) {
        return closest(target, count, null);
    }

    /**
     * The {@code count} peers nearest to a point, nearest first, without one.
     *
     * <p>Buckets are looked at in the order of their distance, so that hardly more than {@code count} peers are sorted: those of bucket i
     * differ from this node in bit i first. Where the target differs from this node in that bit, too, they are nearer to it than
     * all of deeper buckets; else all of deeper buckets are nearer.
     */
    public List<Contact> closest(KadKey target, int count, @Nullable KadKey without) {
        List<Contact> found = new ArrayList<>(count + options.k());
        int depth = buckets.size();
        for (int i = 0; i < depth && found.size() < count; i++) {
            if (self.differsAt(i, target)) {
                collect(buckets.get(i), target, without, found);
            }
        }
        for (int i = depth - 1; i >= 0 && found.size() < count; i--) {
            if (!self.differsAt(i, target)) {
                collect(buckets.get(i), target, without, found);
            }
        }
        if (found.size() > count) {
            found.subList(count, found.size()).clear();
        }
        return found;
    }

    private static void collect(Bucket bucket, KadKey target, @Nullable KadKey without, List<Contact> found) {
        int before = found.size();
        for (Entry entry : bucket.entries) {
            if (without == null || !entry.contact.key().equals(without)) {
                found.add(entry.contact);
            }
        }
        if (found.size() - before > 1) {
            found.subList(before, found.size()).sort((left, right) -> target.compareDistances(left.key(), right.key()));
        }
    }

    /** Who is to be asked whether it is still there: at most {@code max}, those first that have been silent longest. */
    public List<Contact> dueForCheck(long nowNanos, int max) {
        List<Entry> due = new ArrayList<>(0);
        for (Bucket bucket : buckets) {
            for (Entry entry : bucket.entries) {
                if (nowNanos - entry.answeredNanos >= options.checkAfterNanos()) {
                    due.add(entry);
                }
            }
        }
        due.sort(Comparator.comparingLong(entry -> entry.answeredNanos));
        return due.stream().limit(max).map(entry -> entry.contact).toList();
    }

    /** Who has been silent longest in the bucket of a peer that waits, if long enough to be asked; else {@code null}. */
    public @Nullable Contact rivalOf(Contact waiting, long nowNanos) {
        return bucket(waiting.key()).entries.stream()
                .min(Comparator.comparingLong(entry -> entry.answeredNanos))
                .filter(entry -> nowNanos - entry.answeredNanos >= options.checkAfterNanos())
                .map(entry -> entry.contact)
                .orElse(null);
    }

    /** How many buckets lie before those that hold, all together, no more than the {@code count} nearest peers. */
    public int bucketsBeyond(int count) {
        int held = 0;
        for (int i = buckets.size() - 1; i >= 0; i--) {
            held += buckets.get(i).entries.size();
            if (held > count) {
                return i + 1;
            }
        }
        return 0;
    }

    /**
     * How many leading bits the k-th nearest server of any point shares with it, by an estimate of how many servers there are. The
     * deepest buckets that hold k peers between them hold all that there are so near to this node, and so tell how dense the keyspace
     * is: within about a fifth, where the table has been filled.
     */
    public int bitsOfNearest() {
        int held = 0;
        for (int i = buckets.size() - 1; i >= 0; i--) {
            held += buckets.get(i).entries.size();
            if (held >= options.k()) {
                return i + (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(held / options.k()));
            }
        }
        return 0;
    }

    public List<Contact> contacts() {
        return buckets.stream()
                .flatMap(bucket -> bucket.entries.stream())
                .map(entry -> entry.contact)
                .toList();
    }

    public List<Row> rows() {
        List<Row> rows = new ArrayList<>(size);
        for (int i = 0; i < buckets.size(); i++) {
            for (Entry entry : buckets.get(i).entries) {
                rows.add(new Row(entry.contact, i, entry.addedNanos, entry.answeredNanos));
            }
        }
        return rows;
    }

    private Bucket bucket(KadKey key) {
        int index = Math.min(self.commonPrefix(key), KadKey.BITS - 1);
        while (buckets.size() <= index) {
            buckets.add(new Bucket());
        }
        return buckets.get(index);
    }

    private void update(Bucket bucket, Entry entry, Contact contact) {
        if (contact.addresses().isEmpty() || contact.addresses().equals(entry.contact.addresses())) {
            return;
        }
        bucket.entries.remove(entry);
        count(entry.groups, -1);
        Set<Integer> newer = groups(contact);
        if (isDiverse(bucket, newer)) {
            entry.contact = contact;
            entry.groups = newer;
        }
        bucket.entries.add(entry);
        count(entry.groups, 1);
    }

    private void wait(Bucket bucket, Contact contact) {
        bucket.waiting.removeIf(each -> each.peer().equals(contact.peer()));
        if (bucket.waiting.size() == options.k()) {
            bucket.waiting.remove(0);
        }
        bucket.waiting.add(contact);
    }

    /** The IP groups of a peer; none where groups are not limited, which spares finding them out. */
    private Set<Integer> groups(Contact contact) {
        return options.maxPerGroup() == Integer.MAX_VALUE ? Set.of() : IpGroups.of(contact.addresses());
    }

    private void count(Set<Integer> ofPeer, int change) {
        for (int group : ofPeer) {
            groups.merge(group, change, (left, right) -> left + right == 0 ? null : left + right);
        }
    }

    private boolean isDiverse(Bucket bucket, Set<Integer> mine) {
        for (int group : mine) {
            if (groups.getOrDefault(group, 0) >= options.maxPerGroup()) {
                return false;
            }
            int inBucket = 0;
            for (Entry entry : bucket.entries) {
                if (entry.groups.contains(group)) {
                    inBucket++;
                }
            }
            if (inBucket >= options.maxPerGroupInBucket()) {
                return false;
            }
        }
        return true;
    }
}

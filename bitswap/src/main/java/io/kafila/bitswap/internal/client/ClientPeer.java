package io.kafila.bitswap.internal.client;

import io.kafila.bitswap.internal.net.OutboundChannel;
import io.kafila.bitswap.internal.wire.Message;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WantType;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node wants of one peer, over all sessions, and what of it the peer still has to be told. Confined to the loop.
 */
final class ClientPeer {
    /** The wants that are over and whose answers may be on their way. A peer answers them in minutes, if at all. */
    static final int MAX_REMEMBERED = 8192;

    /** Below what a server may keep (1024), so that one message never overflows it. */
    static final int MAX_ENTRIES_PER_MESSAGE = 512;

    /** Entries that make a message worth sending at once. */
    static final int URGENT_ENTRIES = 32;

    /** The asks that keep a peer busy while more entries are gathered. */
    static final int BUSY_ASKS = 16;

    final PeerId id;
    final OutboundChannel channel;
    boolean ready;
    boolean opening;
    int reopens;
    /** Whether what is known of the peer's stream is out of date, so that it must be told the whole wantlist. */
    boolean full = true;

    boolean flushScheduled;
    /** Whether the connection manager was told to spare the peer. */
    boolean isProtected;

    private final Map<Multihash, Live> live = new LinkedHashMap<>();
    private final Map<Multihash, WantEntry> outbox = new LinkedHashMap<>();
    private final Set<Multihash> remembered = new LinkedHashSet<>();
    private int asks;

    /** A want that the peer knows or will be told, and for whom. */
    private static final class Live {
        final Cid cid;
        final int priority;
        final Set<ClientSession> sessions = new HashSet<>();
        boolean block;
        boolean told;

        Live(Cid cid, int priority) {
            this.cid = cid;
            this.priority = priority;
        }

        WantEntry entry() {
            return block ? WantEntry.block(cid, priority) : WantEntry.have(cid, priority);
        }
    }

    ClientPeer(PeerId id, OutboundChannel channel) {
        this.id = id;
        this.channel = channel;
    }

    void want(ClientSession session, Cid cid, WantType type, int priority) {
        Live want = live.computeIfAbsent(cid.multihash(), ignored -> new Live(cid, priority));
        want.sessions.add(session);
        if (type == WantType.BLOCK) {
            if (!want.block) {
                want.block = true;
                asks++;
            }
            outbox.put(cid.multihash(), want.entry());
        } else if (!want.told && !want.block) {
            outbox.put(cid.multihash(), want.entry());
        }
    }

    void cancel(ClientSession session, Multihash key) {
        Live want = live.get(key);
        if (want == null || !want.sessions.remove(session) || !want.sessions.isEmpty()) {
            return;
        }
        remove(key);
        if (want.told) {
            outbox.put(key, WantEntry.cancel(want.cid));
        } else {
            outbox.remove(key);
        }
    }

    /** The peer has sent the block, so that it has crossed the want off by itself. */
    void answered(Multihash key) {
        if (remove(key) != null) {
            outbox.remove(key);
        }
    }

    /** The sessions that have asked the peer about a block. */
    Set<ClientSession> sessions(Multihash key) {
        Live want = live.get(key);
        return want == null ? Set.of() : Set.copyOf(want.sessions);
    }

    boolean wants(Multihash key) {
        return live.containsKey(key);
    }

    /** Whether the block was wanted of the peer not long ago. */
    boolean remembers(Multihash key) {
        return remembered.contains(key);
    }

    /** Whether nothing was ever asked of the peer, so that no block of it can be wanted. */
    boolean neverAsked() {
        return live.isEmpty() && remembered.isEmpty();
    }

    /** Whether some want has, or had, digests of this kind; others need not be hashed. */
    boolean mayWant(long hashFunction, int hashLength) {
        return matches(live.keySet(), hashFunction, hashLength) || matches(remembered, hashFunction, hashLength);
    }

    private static boolean matches(Set<Multihash> keys, long hashFunction, int hashLength) {
        // Nearly always the first: a DAG has one hash function.
        for (Multihash key : keys) {
            if (key.code() == hashFunction && key.length() == hashLength) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Live remove(Multihash key) {
        Live want = live.remove(key);
        if (want != null) {
            asks -= want.block ? 1 : 0;
            remembered.remove(key);
            remembered.add(key);
            if (remembered.size() > MAX_REMEMBERED) {
                Iterator<Multihash> oldest = remembered.iterator();
                oldest.next();
                oldest.remove();
            }
        }
        return want;
    }

    /** Whether blocks were asked of the peer that have not come. */
    boolean owes() {
        return asks > 0;
    }

    boolean hasNews() {
        return full ? !live.isEmpty() : !outbox.isEmpty();
    }

    /** Whether the news should not wait for more: there are many, or the peer may run out of work. */
    boolean urgent() {
        return full || outbox.size() >= URGENT_ENTRIES || asks - outbox.size() < BUSY_ASKS;
    }

    /** The messages that bring the peer up to date, most urgent wants first. */
    List<Message> news() {
        List<WantEntry> entries = new ArrayList<>();
        if (full) {
            live.values().forEach(want -> entries.add(want.entry()));
        } else {
            entries.addAll(outbox.values());
        }
        outbox.clear();
        for (WantEntry entry : entries) {
            Live want = live.get(entry.cid().multihash());
            if (want != null) {
                want.told = true;
            }
        }
        List<Message> messages = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += MAX_ENTRIES_PER_MESSAGE) {
            int to = Math.min(entries.size(), from + MAX_ENTRIES_PER_MESSAGE);
            messages.add(Message.ofWants(full && from == 0, List.copyOf(entries.subList(from, to))));
        }
        full = false;
        return messages;
    }
}

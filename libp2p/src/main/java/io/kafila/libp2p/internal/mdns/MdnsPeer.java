package io.kafila.libp2p.internal.mdns;

import io.kafila.libp2p.internal.mdns.DnsMessage.Data;
import io.kafila.libp2p.internal.mdns.DnsMessage.Entry;
import io.kafila.libp2p.internal.mdns.DnsMessage.Question;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.Protocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One peer in multicast DNS: it asks for others, answers who asks, and tells of whom it heard. Confined to one thread.
 *
 * <p>Its name in DNS is random, as in go-libp2p: who it is stands in the addresses alone.
 */
final class MdnsPeer {
    static final String SERVICE = "_p2p._udp.local";
    static final String SERVICES = "_services._dns-sd._udp.local";
    private static final String PREFIX = "dnsaddr=";

    /** A datagram that crosses every network in one piece (RFC 6762 section 17). */
    static final int MAX_RESPONSE_BYTES = 1400;

    /** Nothing is said again by multicast sooner (RFC 6762 section 6). */
    static final long RESPONSE_GAP_MS = 1_000;

    /** Questions come ever more slowly, up to this. */
    static final long MAX_QUERY_GAP_MS = 60_000;

    static final long FIRST_QUERY_GAP_MS = 1_000;

    /** A peer is told of again after this. */
    static final long TOLD_MS = 60_000;

    /** Peers to be told of in a minute, whoever says so. */
    static final int MAX_TOLD_PER_MINUTE = 60;

    static final int MAX_PEERS_PER_MESSAGE = 16;
    static final int MAX_ADDRESSES = 16;

    /** Answers to single askers in a second. */
    static final int MAX_UNICAST_PER_SECOND = 10;

    private static final int MAX_REMEMBERED = 1024;
    private static final long TTL_SECONDS = 120;

    /** The protocols of addresses that nobody in a local network can use. */
    private static final Set<Protocol> UNSUITABLE = EnumSet.of(
            Protocol.P2P_CIRCUIT,
            Protocol.WEBTRANSPORT,
            Protocol.WEBRTC,
            Protocol.WEBRTC_DIRECT,
            Protocol.WS,
            Protocol.WSS);

    /** What comes of it. */
    sealed interface Action {
        /** To all. */
        record Multicast(DnsMessage message) implements Action {}

        /** To the asker alone. */
        record Unicast(DnsMessage message) implements Action {}

        record Found(PeerId peer, List<Multiaddr> addresses) implements Action {}
    }

    private final PeerId self;
    private final Supplier<List<Multiaddr>> addresses;
    private final RandomGenerator random;
    private final String instance;
    private final Deque<Action> actions = new ArrayDeque<>();
    private final Map<PeerId, Long> told;
    private long queryAtMs;
    private long queryGapMs = FIRST_QUERY_GAP_MS;
    private long responseAtMs = Long.MAX_VALUE;
    private long lastResponseMs = Long.MIN_VALUE / 2;
    private int announcements = 2;
    private long minuteStartMs;
    private int toldInMinute;
    private long secondStartMs;
    private int unicastInSecond;
    private long limited;

    /** @param addresses what this peer can be dialed at, asked anew for each answer */
    MdnsPeer(PeerId self, Supplier<List<Multiaddr>> addresses, RandomGenerator random, long nowMs) {
        this.self = self;
        this.addresses = addresses;
        this.random = random;
        this.instance = name(random) + "." + SERVICE;
        this.queryAtMs = nowMs;
        this.responseAtMs = nowMs + 1;
        this.minuteStartMs = nowMs;
        this.secondStartMs = nowMs;
        this.told = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<PeerId, Long> eldest) {
                return size() > MAX_REMEMBERED;
            }
        };
    }

    private static String name(RandomGenerator random) {
        int length = random.nextInt(32, 64);
        StringBuilder name = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            name.append(Character.forDigit(random.nextInt(36), 36));
        }
        return name.toString();
    }

    String instance() {
        return instance;
    }

    /** How often a bound was met. */
    long limited() {
        return limited;
    }

    /** When {@link #onTime} is to be called at the latest. */
    long nextAtMs() {
        return Math.min(queryAtMs, responseAtMs);
    }

    void onTime(long nowMs) {
        if (nowMs >= queryAtMs) {
            actions.add(
                    new Action.Multicast(DnsMessage.query(new Question(SERVICE, DnsMessage.PTR, false), List.of())));
            queryAtMs = nowMs + queryGapMs;
            queryGapMs = Math.min(2 * queryGapMs, MAX_QUERY_GAP_MS);
        }
        if (nowMs >= responseAtMs) {
            responseAtMs = Long.MAX_VALUE;
            DnsMessage response = response(0, TTL_SECONDS);
            if (response != null) {
                actions.add(new Action.Multicast(response));
                lastResponseMs = nowMs;
            }
            if (--announcements > 0) {
                responseAtMs = nowMs + RESPONSE_GAP_MS;
            }
        }
    }

    /** @param legacy whether it came from another port than that of multicast DNS, from where only a unicast answer is understood */
    void onMessage(DnsMessage message, boolean legacy, long nowMs) {
        if (message.isResponse()) {
            onResponse(message, nowMs);
            return;
        }
        for (Question question : message.questions()) {
            answer(question, message, legacy, nowMs);
        }
    }

    private void answer(Question question, DnsMessage message, boolean legacy, long nowMs) {
        String name = question.name().toLowerCase(Locale.ROOT);
        boolean pointer = question.type() == DnsMessage.PTR || question.type() == DnsMessage.ANY;
        int id = legacy ? message.id() : 0;
        if (pointer && name.equals(SERVICES)) {
            unicast(
                    DnsMessage.response(
                            id, List.of(new Entry(SERVICES, TTL_SECONDS, new Data.Pointer(SERVICE))), List.of()),
                    nowMs);
        } else if ((pointer && name.equals(SERVICE)) || name.equals(instance)) {
            if (legacy || question.unicast()) {
                DnsMessage response = response(id, TTL_SECONDS);
                if (response != null) {
                    unicast(response, nowMs);
                }
            } else if (!isKnown(message)) {
                // all who are asked answer at once: a random delay keeps them apart (RFC 6762 section 6)
                long earliest = Math.max(nowMs + random.nextInt(20, 121), lastResponseMs + RESPONSE_GAP_MS);
                responseAtMs = Math.min(responseAtMs, earliest);
            }
        }
    }

    private boolean isKnown(DnsMessage query) {
        return query.answers().stream()
                .anyMatch(known -> known.data() instanceof Data.Pointer pointer
                        && pointer.target().equalsIgnoreCase(instance)
                        && known.ttlSeconds() >= TTL_SECONDS / 2);
    }

    private void unicast(DnsMessage message, long nowMs) {
        if (nowMs - secondStartMs >= 1_000) {
            secondStartMs = nowMs;
            unicastInSecond = 0;
        }
        if (++unicastInSecond > MAX_UNICAST_PER_SECOND) {
            limited++;
        } else {
            actions.add(new Action.Unicast(message));
        }
    }

    /** Who is here and where; {@code null} if there is no address to tell. */
    private @Nullable DnsMessage response(int id, long ttlSeconds) {
        List<String> texts = new ArrayList<>();
        InetAddress four = null;
        InetAddress six = null;
        int room = MAX_RESPONSE_BYTES - 350; // the records beside the texts, with names of full length
        for (Multiaddr address : addresses.get()) {
            Optional<InetAddress> ip = address.ipAddress();
            if (ip.isEmpty() || !isSuitable(address)) {
                continue;
            }
            String text = PREFIX + address.withPeerId(self);
            if (text.length() > 255 || text.length() + 1 > room) {
                continue;
            }
            room -= text.length() + 1;
            texts.add(text);
            if (ip.get() instanceof Inet4Address) {
                four = four == null ? ip.get() : four;
            } else {
                six = six == null ? ip.get() : six;
            }
        }
        if (texts.isEmpty()) {
            return null;
        }
        String host = instance.substring(0, instance.indexOf('.')) + ".local";
        List<Entry> details = new ArrayList<>();
        // the port must be there and means nothing: everybody reads the texts
        details.add(new Entry(instance, ttlSeconds, new Data.Service(4001, host)));
        details.add(new Entry(instance, ttlSeconds, new Data.Texts(texts)));
        if (four != null) {
            details.add(new Entry(host, ttlSeconds, new Data.Address(four)));
        }
        if (six != null) {
            details.add(new Entry(host, ttlSeconds, new Data.Address(six)));
        }
        return DnsMessage.response(id, List.of(new Entry(SERVICE, ttlSeconds, new Data.Pointer(instance))), details);
    }

    private static boolean isSuitable(Multiaddr address) {
        return address.components().stream().noneMatch(part -> UNSUITABLE.contains(part.protocol()));
    }

    /** What makes others forget this peer at once. */
    @Nullable
    DnsMessage goodbye() {
        return response(0, 0);
    }

    private void onResponse(DnsMessage message, long nowMs) {
        Map<PeerId, List<Multiaddr>> found = new LinkedHashMap<>();
        List<Entry> all = new ArrayList<>(message.answers());
        all.addAll(message.additionals());
        for (Entry entry : all) {
            if (entry.ttlSeconds() > 0
                    && entry.data() instanceof Data.Texts texts
                    && entry.name().toLowerCase(Locale.ROOT).endsWith("." + SERVICE)) {
                texts.strings().forEach(text -> read(text, found));
            }
        }
        found.forEach((peer, where) -> tell(peer, where, nowMs));
    }

    private void read(String text, Map<PeerId, List<Multiaddr>> found) {
        if (!text.startsWith(PREFIX)) {
            return;
        }
        try {
            Multiaddr address = Multiaddr.parse(text.substring(PREFIX.length()));
            Optional<PeerId> peer = address.peerId();
            if (peer.isEmpty() || peer.get().equals(self) || address.ipAddress().isEmpty()) {
                return;
            }
            if (found.size() >= MAX_PEERS_PER_MESSAGE && !found.containsKey(peer.get())) {
                limited++;
                return;
            }
            List<Multiaddr> known = found.computeIfAbsent(peer.get(), each -> new ArrayList<>());
            if (known.size() >= MAX_ADDRESSES) {
                limited++;
            } else {
                known.add(address.withoutPeerId());
            }
        } catch (MultiformatException e) {
            // of a protocol that is unknown here; the others may do
        }
    }

    private void tell(PeerId peer, List<Multiaddr> where, long nowMs) {
        Long before = told.get(peer);
        if (before != null && nowMs - before < TOLD_MS) {
            return;
        }
        if (nowMs - minuteStartMs >= 60_000) {
            minuteStartMs = nowMs;
            toldInMinute = 0;
        }
        if (++toldInMinute > MAX_TOLD_PER_MINUTE) {
            limited++;
            return;
        }
        told.put(peer, nowMs);
        actions.add(new Action.Found(peer, List.copyOf(where)));
    }

    /** What is to be done, in order; {@code null} for nothing. */
    @Nullable
    Action poll() {
        return actions.poll();
    }
}

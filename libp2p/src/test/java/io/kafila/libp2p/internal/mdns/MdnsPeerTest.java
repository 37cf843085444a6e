package io.kafila.libp2p.internal.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.libp2p.internal.mdns.DnsMessage.Data;
import io.kafila.libp2p.internal.mdns.DnsMessage.Entry;
import io.kafila.libp2p.internal.mdns.DnsMessage.Question;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Peers on a multicast group in memory and in virtual time. */
class MdnsPeerTest {
    private static final Question WHO = new Question(MdnsPeer.SERVICE, DnsMessage.PTR, false);

    private long nowMs = 1_000;
    private final Map<PeerId, MdnsPeer> peers = new LinkedHashMap<>();
    private final Map<PeerId, List<MdnsPeer.Action.Found>> found = new LinkedHashMap<>();
    private int multicasts;

    private static PeerId id() {
        return PrivateKey.generate(KeyType.ED25519, new SecureRandom()).peerId();
    }

    private static List<Multiaddr> addresses(String... texts) {
        List<Multiaddr> all = new ArrayList<>();
        for (String text : texts) {
            all.add(Multiaddr.parse(text));
        }
        return all;
    }

    private PeerId join(String... texts) {
        PeerId id = id();
        peers.put(id, new MdnsPeer(id, () -> addresses(texts), new Random(peers.size()), nowMs));
        found.put(id, new ArrayList<>());
        return id;
    }

    /** Passes on what is sent, over the wire format, until {@code untilMs}. */
    private void run(long untilMs) {
        while (true) {
            long next =
                    peers.values().stream().mapToLong(MdnsPeer::nextAtMs).min().orElseThrow();
            if (next > untilMs) {
                nowMs = untilMs;
                return;
            }
            nowMs = Math.max(nowMs, next);
            peers.values().forEach(peer -> {
                if (peer.nextAtMs() <= nowMs) {
                    peer.onTime(nowMs);
                }
            });
            deliver();
        }
    }

    private void deliver() {
        boolean any = true;
        while (any) {
            any = false;
            for (Map.Entry<PeerId, MdnsPeer> each : peers.entrySet()) {
                for (MdnsPeer.Action action = each.getValue().poll();
                        action != null;
                        action = each.getValue().poll()) {
                    any = true;
                    if (action instanceof MdnsPeer.Action.Found one) {
                        found.get(each.getKey()).add(one);
                    } else if (action instanceof MdnsPeer.Action.Multicast all) {
                        multicasts++;
                        byte[] bytes = DnsCodec.encode(all.message(), MdnsPeer.MAX_RESPONSE_BYTES);
                        peers.values().forEach(peer -> peer.onMessage(DnsCodec.decode(bytes), false, nowMs));
                    }
                }
            }
        }
    }

    @Test
    void twoPeers_findEachOther_withinASecond() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001", "/ip6/fe80::1/tcp/4001", "/ip4/10.0.0.1/tcp/4002/ws");
        PeerId two = join("/ip4/10.0.0.2/tcp/4001");
        run(nowMs + 1_000);
        assertThat(found.get(one)).containsExactly(new MdnsPeer.Action.Found(two, addresses("/ip4/10.0.0.2/tcp/4001")));
        assertThat(found.get(two))
                .containsExactly(
                        new MdnsPeer.Action.Found(one, addresses("/ip4/10.0.0.1/tcp/4001", "/ip6/fe80::1/tcp/4001")));
    }

    @Test
    void lateComer_isFoundByTheOthers_andFindsThem() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001");
        run(nowMs + 3_600_000);
        PeerId late = join("/ip4/10.0.0.3/tcp/4001");
        run(nowMs + 2_000);
        assertThat(found.get(one)).extracting(MdnsPeer.Action.Found::peer).contains(late);
        assertThat(found.get(late)).extracting(MdnsPeer.Action.Found::peer).contains(one);
    }

    @Test
    void anHour_ofManyPeers_staysQuiet() {
        for (int i = 0; i < 20; i++) {
            join("/ip4/10.0.1." + i + "/tcp/4001");
        }
        run(nowMs + 3_600_000);
        // each asks about once a minute; answers to several questions within a second are one
        assertThat(multicasts).isLessThan(20 * (70 + 20 * 65));
        found.values().forEach(list -> assertThat(list.size()).isLessThan(20 * 61));
        assertThat(peers.values()).allMatch(peer -> peer.limited() == 0);
    }

    @Test
    void answers_comeOnceASecond_howeverOftenOneAsks() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001");
        run(nowMs + 10_000);
        multicasts = 0;
        for (int i = 0; i < 500; i++) {
            peers.get(one).onMessage(DnsMessage.query(WHO, List.of()), false, nowMs);
            run(nowMs + 10);
        }
        assertThat(multicasts).isBetween(4, 8);
    }

    @Test
    void knownAnswer_isNotRepeated() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001");
        run(nowMs + 10_000);
        multicasts = 0;
        Entry known =
                new Entry(MdnsPeer.SERVICE, 100, new Data.Pointer(peers.get(one).instance()));
        peers.get(one).onMessage(DnsMessage.query(WHO, List.of(known)), false, nowMs);
        run(nowMs + 500);
        assertThat(multicasts).isZero();
        Entry old =
                new Entry(MdnsPeer.SERVICE, 10, new Data.Pointer(peers.get(one).instance()));
        peers.get(one).onMessage(DnsMessage.query(WHO, List.of(old)), false, nowMs);
        run(nowMs + 500);
        assertThat(multicasts).isEqualTo(1);
    }

    @Test
    void oneAsker_isAnsweredByUnicast_withItsId_andNotWithoutEnd() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001");
        run(nowMs + 10_000);
        DnsMessage query = new DnsMessage(77, false, List.of(WHO), List.of(), List.of());
        for (int i = 0; i < 25; i++) {
            peers.get(one).onMessage(query, true, nowMs);
        }
        List<DnsMessage> answers = new ArrayList<>();
        for (MdnsPeer.Action action = peers.get(one).poll();
                action != null;
                action = peers.get(one).poll()) {
            answers.add(((MdnsPeer.Action.Unicast) action).message());
        }
        assertThat(answers).hasSize(MdnsPeer.MAX_UNICAST_PER_SECOND).allMatch(answer -> answer.id() == 77);
        assertThat(peers.get(one).limited()).isEqualTo(15);
    }

    @Test
    void whoAsksForServices_isToldOfThisOne() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001");
        Question services = new Question(MdnsPeer.SERVICES, DnsMessage.PTR, true);
        peers.get(one).onMessage(DnsMessage.query(services, List.of()), false, nowMs);
        assertThat(peers.get(one).poll())
                .isInstanceOfSatisfying(
                        MdnsPeer.Action.Unicast.class,
                        action -> assertThat(action.message().answers())
                                .extracting(Entry::data)
                                .containsExactly(new Data.Pointer(MdnsPeer.SERVICE)));
    }

    private static DnsMessage claims(int peers, int addresses) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            PeerId peer = id();
            for (int j = 0; j < addresses; j++) {
                texts.add("dnsaddr=/ip4/10.1.1." + j + "/tcp/" + (1000 + i) + "/p2p/" + peer);
            }
        }
        return DnsMessage.response(
                0, List.of(), List.of(new Entry("x." + MdnsPeer.SERVICE, 120, new Data.Texts(texts))));
    }

    @Test
    void stranger_whoNamesManyPeers_isLimited() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001");
        for (int i = 0; i < 20; i++) {
            peers.get(one).onMessage(claims(40, 30), false, nowMs);
        }
        deliver();
        assertThat(found.get(one)).hasSize(MdnsPeer.MAX_TOLD_PER_MINUTE);
        assertThat(found.get(one)).allMatch(peer -> peer.addresses().size() == MdnsPeer.MAX_ADDRESSES);
        assertThat(peers.get(one).limited()).isGreaterThan(0);
        nowMs += 60_000;
        peers.get(one).onMessage(claims(1, 1), false, nowMs);
        deliver();
        assertThat(found.get(one)).hasSize(MdnsPeer.MAX_TOLD_PER_MINUTE + 1);
    }

    @Test
    void nonsense_itself_andGoodbyes_areNotTold() {
        PeerId one = join("/ip4/10.0.0.1/tcp/4001");
        List<String> texts = List.of(
                "",
                "dnsaddr=",
                "dnsaddr=/nonsense",
                "dnsaddr=/ip4/10.0.0.9/tcp/1",
                "other=/ip4/10.0.0.9/tcp/1",
                "dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + one,
                "dnsaddr=/dns4/example.com/tcp/1/p2p/" + id());
        peers.get(one)
                .onMessage(
                        DnsMessage.response(
                                0, List.of(), List.of(new Entry("x." + MdnsPeer.SERVICE, 120, new Data.Texts(texts)))),
                        false,
                        nowMs);
        Data.Texts good = new Data.Texts(List.of("dnsaddr=/ip4/10.0.0.9/tcp/1/p2p/" + id()));
        peers.get(one)
                .onMessage(
                        DnsMessage.response(
                                0,
                                List.of(),
                                List.of(
                                        new Entry("x." + MdnsPeer.SERVICE, 0, good),
                                        new Entry("x._http._tcp.local", 120, good))),
                        false,
                        nowMs);
        deliver();
        assertThat(found.get(one)).isEmpty();
    }

    @Test
    void withoutAddresses_nothingIsSaid() {
        PeerId one = join("/memory/1");
        run(nowMs + 5_000);
        assertThat(peers.get(one).goodbye()).isNull();
        assertThat(multicasts).isLessThanOrEqualTo(4); // its questions
    }
}

package io.kafila.bitswap.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.bitswap.internal.wire.Presence;
import io.kafila.bitswap.internal.wire.WantEntry;
import io.kafila.bitswap.internal.wire.WantType;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionEngineTest {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * 1024;

    private final DecisionEngine engine = engine(4L * MIB, 16L * MIB, 1024);

    private static DecisionEngine engine(long perPeer, long inAll, int wants) {
        return new DecisionEngine(new EngineOptions(true, perPeer, inAll, wants));
    }

    private static PeerId peer(int number) {
        return PeerId.decode(
                HashFunction.SHA2_256.digest(new byte[] {(byte) number, 9}).bytes());
    }

    private static Cid cid(int number) {
        return Cid.v1(
                0x55,
                HashFunction.SHA2_256.digest(
                        ByteBuffer.allocate(4).putInt(number).array()));
    }

    private void want(PeerId peer, int number, int priority, int size) {
        for (Cid cid : engine.wants(peer, false, List.of(WantEntry.block(cid(number), priority)))) {
            engine.found(peer, cid, size < 0 ? OptionalInt.empty() : OptionalInt.of(size));
        }
    }

    private static List<Cid> cids(Envelope envelope) {
        return envelope.wants().stream().map(want -> want.cid).toList();
    }

    @Test
    void next_withinAPeer_isByPriorityThenByOrder() {
        want(peer(1), 1, 5, 300 * KIB);
        want(peer(1), 2, 9, 300 * KIB);
        want(peer(1), 3, 5, 300 * KIB);
        assertThat(cids(engine.next())).containsExactly(cid(2));
        assertThat(cids(engine.next())).containsExactly(cid(1));
        assertThat(cids(engine.next())).containsExactly(cid(3));
        assertThat(engine.next()).isNull();
    }

    @Test
    void wants_presenceOfABlockThatWasAskedFor_leavesTheBlockWanted() {
        for (int number = 1; number <= 2; number++) {
            boolean absent = number == 2;
            assertThat(engine.wants(peer(1), false, List.of(WantEntry.block(cid(number), 1))))
                    .containsExactly(cid(number));
            if (absent) {
                engine.found(peer(1), cid(number), OptionalInt.empty());
            }
            assertThat(engine.wants(peer(1), false, List.of(WantEntry.have(cid(number), 1))))
                    .containsExactly(cid(number));
            engine.found(peer(1), cid(number), OptionalInt.of(MIB));
            Envelope answer = engine.next();
            assertThat(cids(answer)).containsExactly(cid(number));
            assertThat(answer.presences()).isEmpty();
            engine.sent(answer);
        }
    }

    @Test
    void next_smallBlocks_areGathered_largeOnesGoAlone() {
        for (int i = 0; i < 400; i++) {
            want(peer(1), i, 1000 - i, 500);
        }
        want(peer(1), 500, 1, MIB);
        want(peer(1), 501, 0, MIB);
        Envelope first = engine.next();
        assertThat(first.wants()).hasSize(256);
        assertThat(first.bytes()).isEqualTo(256 * 500);
        assertThat(first.pendingBytes()).isEqualTo(144 * 500 + 2 * MIB);
        assertThat(engine.next().wants()).hasSize(144);
        assertThat(cids(engine.next())).containsExactly(cid(500));
        assertThat(cids(engine.next())).containsExactly(cid(501));
    }

    @Test
    void next_blocksOfSmallFiles_fillAMessageOfAQuarterMiB() {
        for (int i = 0; i < 40; i++) {
            want(peer(1), i, 1000 - i, 10 * 1024);
        }
        assertThat(engine.next().wants()).hasSize(25);
        assertThat(engine.next().wants()).hasSize(15);
    }

    @Test
    void next_windowOfAPeer_boundsWhatIsOutstanding() {
        for (int i = 0; i < 10; i++) {
            want(peer(1), i, 1, MIB);
        }
        List<Envelope> sent = new ArrayList<>();
        for (Envelope next = engine.next(); next != null; next = engine.next()) {
            sent.add(next);
        }
        assertThat(sent).hasSize(4);
        engine.sent(sent.get(0));
        assertThat(engine.next()).isNotNull();
        assertThat(engine.next()).isNull();
        assertThat(engine.outstandingBytes()).isEqualTo(4L * MIB);
    }

    @Test
    void next_slowPeer_doesNotHoldUpOthers() {
        for (int i = 0; i < 100; i++) {
            want(peer(1), i, 1, MIB);
        }
        while (engine.next() != null) {}
        want(peer(2), 500, 1, MIB);
        Envelope other = engine.next();
        assertThat(other.peer()).isEqualTo(peer(2));
    }

    @Test
    void next_manyPeers_shareFairly() {
        Seed.forAll(20, random -> {
            DecisionEngine fair = engine(2L * MIB, 4L * MIB, 1024);
            int peers = 5;
            Map<PeerId, Long> served = new HashMap<>();
            for (int p = 0; p < peers; p++) {
                // One wants ten times as much as the others.
                int wants = p == 0 ? 1000 : 100;
                for (int i = 0; i < wants; i++) {
                    PeerId id = peer(p);
                    int size = 100 * KIB + random.nextInt(300 * KIB);
                    for (Cid cid : fair.wants(id, false, List.of(WantEntry.block(cid(i), random.nextInt(100))))) {
                        fair.found(id, cid, OptionalInt.of(size));
                    }
                }
                served.put(peer(p), 0L);
            }
            Deque<Envelope> outstanding = new ArrayDeque<>();
            for (int i = 0; i < 200; i++) {
                for (Envelope next = fair.next(); next != null; next = fair.next()) {
                    outstanding.add(next);
                    served.merge(next.peer(), next.bytes(), Long::sum);
                }
                assertThat(fair.outstandingBytes()).isLessThanOrEqualTo(4L * MIB);
                fair.sent(outstanding.remove());
            }
            long least = served.values().stream().mapToLong(x -> x).min().orElseThrow();
            long most = served.values().stream().mapToLong(x -> x).max().orElseThrow();
            assertThat(most - least).isLessThanOrEqualTo(3L * MIB);
        });
    }

    @Test
    void wants_have_isAnsweredByPresenceOrBySmallBlock() {
        List<WantEntry> entries =
                List.of(WantEntry.have(cid(1), 1), WantEntry.have(cid(2), 1), WantEntry.have(cid(3), 1));
        assertThat(engine.wants(peer(1), false, entries)).containsExactly(cid(1), cid(2), cid(3));
        engine.found(peer(1), cid(1), OptionalInt.of(1024));
        engine.found(peer(1), cid(2), OptionalInt.of(1025));
        engine.found(peer(1), cid(3), OptionalInt.empty());
        Envelope envelope = engine.next();
        assertThat(cids(envelope)).containsExactly(cid(1));
        assertThat(envelope.presences()).containsExactly(new Presence(cid(2), true), new Presence(cid(3), false));
        assertThat(engine.wantlist(peer(1))).containsExactly(cid(1), cid(3));
        engine.sent(envelope);
        assertThat(engine.wantlist(peer(1))).containsExactly(cid(3));
    }

    @Test
    void wants_absentWithoutDontHave_isSilentUntilTheBlockComes() {
        engine.wants(peer(1), false, List.of(new WantEntry(cid(1), 1, false, WantType.BLOCK, false)));
        engine.found(peer(1), cid(1), OptionalInt.empty());
        assertThat(engine.next()).isNull();
        // The block comes under another codec.
        Cid other = Cid.v1(0x70, cid(1).multihash());
        assertThat(engine.added(List.of(other, cid(7)))).isEqualTo(Map.of(peer(1), List.of(cid(1))));
        assertThat(engine.found(peer(1), cid(1), OptionalInt.of(5))).isFalse();
        assertThat(cids(engine.next())).containsExactly(cid(1));
        assertThat(engine.added(List.of(other))).isEmpty();
    }

    @Test
    void found_blockCameDuringTheLookup_isLookedUpAgain() {
        engine.wants(peer(1), false, List.of(WantEntry.block(cid(1), 1)));
        engine.added(List.of(cid(1)));
        assertThat(engine.found(peer(1), cid(1), OptionalInt.empty())).isTrue();
        assertThat(engine.found(peer(1), cid(1), OptionalInt.of(10))).isFalse();
        assertThat(cids(engine.next())).containsExactly(cid(1));
    }

    @Test
    void wants_cancelAndFull_replaceTheList() {
        want(peer(1), 1, 1, MIB);
        want(peer(1), 2, 1, MIB);
        want(peer(1), 3, 1, -1);
        engine.next();
        engine.wants(peer(1), false, List.of(WantEntry.cancel(cid(2))));
        assertThat(engine.wantlist(peer(1))).containsExactly(cid(1), cid(3));
        engine.wants(peer(1), true, List.of(WantEntry.block(cid(9), 1)));
        assertThat(engine.wantlist(peer(1))).containsExactly(cid(9));
    }

    @Test
    void isWanted_cancelledWhileRead_isNot() {
        want(peer(1), 1, 1, MIB);
        Envelope envelope = engine.next();
        assertThat(engine.isWanted(envelope, envelope.wants().get(0))).isTrue();
        engine.wants(peer(1), false, List.of(WantEntry.cancel(cid(1))));
        assertThat(engine.isWanted(envelope, envelope.wants().get(0))).isFalse();
        engine.sent(envelope);
        assertThat(engine.outstandingBytes()).isZero();
        assertThat(engine.peers()).isEmpty();
    }

    @Test
    void wants_aboveTheLimit_dropTheLeastUrgent() {
        DecisionEngine small = engine(MIB, MIB, 10);
        List<WantEntry> entries = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            entries.add(WantEntry.block(cid(i), i));
        }
        List<Cid> lookups = small.wants(peer(1), false, entries);
        assertThat(lookups).hasSize(10).contains(cid(24), cid(15)).doesNotContain(cid(14));
        assertThat(small.wantlist(peer(1))).hasSize(10).startsWith(cid(24));
        assertThat(small.takeDroppedWants()).isEqualTo(15);
    }

    @Test
    void failed_isTriedAgainAFewTimes() {
        want(peer(1), 1, 1, MIB);
        for (int i = 0; i < EngineOptions.MAX_FAILURES; i++) {
            Envelope envelope = engine.next();
            assertThat(envelope).isNotNull();
            engine.failed(envelope);
        }
        assertThat(engine.next()).isNull();
        assertThat(engine.outstandingBytes()).isZero();
    }

    @Test
    void missing_blockWasRemoved_isDontHave() {
        want(peer(1), 1, 1, MIB);
        Envelope envelope = engine.next();
        engine.missing(envelope, envelope.wants().get(0));
        engine.sent(envelope);
        assertThat(engine.next().presences()).containsExactly(new Presence(cid(1), false));
        assertThat(engine.wantlist(peer(1))).containsExactly(cid(1));
    }

    @Test
    void lost_peerWithEnvelopes_comesBackClean() {
        want(peer(1), 1, 1, MIB);
        Envelope old = engine.next();
        engine.lost(peer(1));
        assertThat(engine.outstandingBytes()).isZero();
        want(peer(1), 1, 1, MIB);
        Envelope fresh = engine.next();
        engine.sent(old);
        assertThat(engine.outstandingBytes()).isEqualTo(MIB);
        engine.sent(fresh);
        assertThat(engine.outstandingBytes()).isZero();
    }

    @Test
    void serveOff_answersDontHave() {
        DecisionEngine mute = new DecisionEngine(new EngineOptions(false, MIB, MIB, 10));
        assertThat(mute.wants(peer(1), false, List.of(WantEntry.block(cid(1), 1))))
                .isEmpty();
        assertThat(mute.next().presences()).containsExactly(new Presence(cid(1), false));
        assertThat(mute.added(List.of(cid(1)))).isEmpty();
    }

    @Test
    void presences_ofAPeerThatTakesNothing_areBounded() {
        DecisionEngine small = engine(MIB, MIB, 10);
        for (int i = 0; i < 1000; i++) {
            for (Cid cid : small.wants(peer(1), false, List.of(WantEntry.have(cid(i), 1)))) {
                small.found(peer(1), cid, OptionalInt.of(MIB));
            }
        }
        assertThat(small.next().presences()).hasSize(10);
        assertThat(small.takeDroppedWants()).isEqualTo(990);
    }

    @Test
    void random_events_keepTheBoundsAndAnswerEverythingAtLast() {
        Seed.forAll(60, random -> {
            DecisionEngine any = engine(MIB, 2L * MIB, 50);
            List<Envelope> outstanding = new ArrayList<>();
            Map<PeerId, Set<Cid>> open = new HashMap<>();
            for (int step = 0; step < 2000; step++) {
                PeerId peer = peer(random.nextInt(4));
                Set<Cid> mine = open.computeIfAbsent(peer, ignored -> new HashSet<>());
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        Cid cid = cid(random.nextInt(40));
                        mine.add(cid);
                        for (Cid look : any.wants(peer, false, List.of(WantEntry.block(cid, random.nextInt(9))))) {
                            any.found(peer, look, OptionalInt.of(1 + random.nextInt(500 * KIB)));
                        }
                    }
                    case 2 -> {
                        Cid cid = cid(random.nextInt(40));
                        mine.remove(cid);
                        any.wants(peer, false, List.of(WantEntry.cancel(cid)));
                    }
                    case 3 -> {
                        Envelope next = any.next();
                        if (next != null) {
                            outstanding.add(next);
                        }
                    }
                    case 4 -> {
                        if (!outstanding.isEmpty()) {
                            Envelope done = outstanding.remove(random.nextInt(outstanding.size()));
                            for (LedgerWant want : done.wants()) {
                                if (any.isWanted(done, want)) {
                                    open.get(done.peer()).remove(want.cid);
                                }
                            }
                            any.sent(done);
                        }
                    }
                    default -> {
                        if (random.nextInt(50) == 0) {
                            any.lost(peer);
                            mine.clear();
                        }
                    }
                }
                assertThat(any.outstandingBytes()).isBetween(0L, 2L * MIB + 500 * KIB);
            }
            for (; ; ) {
                Envelope next = any.next();
                if (next != null) {
                    outstanding.add(next);
                } else if (outstanding.isEmpty()) {
                    break;
                } else {
                    Envelope done = outstanding.remove(0);
                    for (LedgerWant want : done.wants()) {
                        if (any.isWanted(done, want)) {
                            open.get(done.peer()).remove(want.cid);
                        }
                    }
                    any.sent(done);
                }
            }
            assertThat(any.outstandingBytes()).isZero();
            assertThat(any.peers()).isEmpty();
            open.values().forEach(left -> assertThat(left).isEmpty());
        });
    }
}

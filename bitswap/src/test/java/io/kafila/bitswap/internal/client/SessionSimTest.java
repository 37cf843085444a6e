package io.kafila.bitswap.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.multiformats.Cid;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions against simulated peers with latency and throughput, in virtual time. */
class SessionSimTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final int MIB = 1024 * 1024;

    /** A peer that answers in order, at a rate, after a latency. */
    private static final class SimPeer {
        final PeerId id;
        final long latency;
        final double bytesPerSecond;
        final Deque<Cid> queue = new ArrayDeque<>();
        final Set<Multihash> lacks = new HashSet<>();
        boolean hasNothing;
        boolean silent;
        boolean silentOnBlocks;
        int corruptEvery;
        int sent;
        int unwanted;
        boolean sending;
        boolean gone;
        int delivered;
        int useless;

        SimPeer(int number, double latencyMs, double mibPerSecond) {
            byte[] digest =
                    HashFunction.SHA2_256.digest(new byte[] {(byte) number}).bytes();
            this.id = PeerId.decode(digest);
            this.latency = (long) (latencyMs * MILLI);
            this.bytesPerSecond = mibPerSecond * MIB;
        }
    }

    private record Event(long at, long order, Runnable action) {}

    private static final class World implements SessionOutput {
        final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
        final Map<PeerId, SimPeer> peers = new LinkedHashMap<>();
        final Map<Multihash, Integer> sizes = new HashMap<>();
        final Map<PeerId, List<Multihash>> askedBy = new HashMap<>();
        final List<Cid> searches = new ArrayList<>();
        final Set<Multihash> done = new HashSet<>();
        final Session session;
        long now = 1_000 * SECOND;
        long order;
        int duplicates;
        long mostInFlight;
        Runnable onSearch = () -> {};
        Runnable onArrival = () -> {};
        final List<PeerId> redials = new ArrayList<>();
        Consumer<SimPeer> onRedial = peer -> {};

        World(long budget) {
            session = new Session(SessionOptions.DEFAULT.withBudget(budget), this);
        }

        void at(long delay, Runnable action) {
            events.add(new Event(now + delay, order++, action));
        }

        void add(SimPeer peer) {
            peers.put(peer.id, peer);
            session.peerReady(peer.id, true, 0, now);
        }

        void kill(SimPeer peer) {
            peer.gone = true;
            peer.queue.clear();
            session.peerLost(peer.id);
            session.advance(now);
        }

        @Override
        public void wantHave(PeerId id, Cid cid) {
            SimPeer peer = peers.get(id);
            if (peer.silent) {
                return;
            }
            at(2 * peer.latency, () -> {
                // Who sends a cancel does not hear the answer any more.
                if (peer.gone || !session.wants(cid.multihash())) {
                    return;
                }
                if (peer.hasNothing || peer.lacks.contains(cid.multihash())) {
                    session.dontHave(id, cid.multihash(), now);
                } else {
                    session.have(id, cid.multihash(), now);
                }
            });
        }

        @Override
        public void wantBlock(PeerId id, Cid cid) {
            SimPeer peer = peers.get(id);
            askedBy.computeIfAbsent(id, ignored -> new ArrayList<>()).add(cid.multihash());
            if (peer.silent || peer.silentOnBlocks) {
                return;
            }
            at(peer.latency, () -> {
                if (peer.gone) {
                    return;
                }
                if (peer.hasNothing || peer.lacks.contains(cid.multihash())) {
                    at(peer.latency, () -> session.dontHave(id, cid.multihash(), now));
                } else if (!peer.queue.contains(cid)) {
                    peer.queue.add(cid);
                    serve(peer);
                }
            });
        }

        private void serve(SimPeer peer) {
            if (peer.sending || peer.queue.isEmpty()) {
                return;
            }
            Cid cid = peer.queue.remove();
            int size = sizes.get(cid.multihash());
            peer.sending = true;
            at((long) (size / peer.bytesPerSecond * SECOND), () -> {
                peer.sending = false;
                peer.sent++;
                boolean corrupt = peer.corruptEvery > 0 && peer.sent % peer.corruptEvery == 0;
                at(peer.latency, () -> arrive(peer, cid, size, corrupt));
                serve(peer);
            });
        }

        private void arrive(SimPeer peer, Cid cid, int size, boolean corrupt) {
            if (peer.gone) {
                return;
            }
            if (corrupt) {
                if (++peer.unwanted == 4) {
                    kill(peer);
                }
                return;
            }
            if (!done.add(cid.multihash())) {
                duplicates++;
                peer.useless++;
                return;
            }
            peer.delivered++;
            assertThat(session.received(peer.id, cid.multihash(), size, now)).isTrue();
            session.delivered(size);
            session.released(size);
            onArrival.run();
        }

        @Override
        public void cancel(PeerId id, Cid cid) {
            SimPeer peer = peers.get(id);
            at(peer.latency, () -> peer.queue.remove(cid));
        }

        @Override
        public void findProviders(Cid cid) {
            searches.add(cid);
            at(500 * MILLI, () -> {
                onSearch.run();
                session.searchEnded(now);
            });
        }

        @Override
        public void reconnect(PeerId id) {
            redials.add(id);
            at(200 * MILLI, () -> onRedial.accept(peers.get(id)));
        }

        /** Runs until the session wants nothing; answers the virtual time it took. */
        long run(long limit) {
            long start = now;
            long nextTick = now;
            session.advance(now);
            while (!session.isIdle()) {
                Event next = events.peek();
                if (next == null || next.at > nextTick) {
                    now = nextTick;
                    nextTick += 20 * MILLI;
                } else {
                    events.remove();
                    now = next.at;
                    next.action.run();
                }
                session.advance(now);
                mostInFlight = Math.max(mostInFlight, session.inFlightBytes());
                assertThat(now - start).as("virtual time").isLessThan(limit);
            }
            return now - start;
        }

        /** A reader in order, who wants at most {@code ahead} blocks beyond the first that is missing. */
        void readInOrder(int count, int size, int ahead) {
            List<Cid> cids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] content = ByteBuffer.allocate(8).putInt(i).putInt(size).array();
                Cid cid = Cid.v1(0x55, HashFunction.SHA2_256.digest(content));
                sizes.put(cid.multihash(), size);
                cids.add(cid);
            }
            int[] wanted = {0};
            int[] read = {0};
            onArrival = () -> {
                while (read[0] < count && done.contains(cids.get(read[0]).multihash())) {
                    read[0]++;
                }
                while (wanted[0] < Math.min(count, read[0] + ahead)) {
                    session.want(cids.get(wanted[0]++), now);
                }
            };
            onArrival.run();
        }

        List<Cid> want(int count, int size) {
            return want(0x55, count, size);
        }

        List<Cid> want(int codec, int count, int size) {
            List<Cid> cids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] content = ByteBuffer.allocate(8).putInt(i).putInt(size).array();
                Cid cid = Cid.v1(codec, HashFunction.SHA2_256.digest(content));
                sizes.put(cid.multihash(), size);
                session.want(cid, now);
                cids.add(cid);
            }
            return cids;
        }
    }

    @Test
    void fetch_onePeer_runsAtTheSpeedOfItsLink() {
        World world = new World(32L * MIB);
        world.add(new SimPeer(1, 10, 100));
        world.want(400, 256 * 1024);
        long took = world.run(60 * SECOND);
        // 100 MiB at 100 MiB/s, and a few round trips of 20 ms to learn that.
        assertThat(took).isBetween(SECOND, 1500 * MILLI);
        assertThat(world.duplicates).isZero();
        assertThat(world.mostInFlight).isLessThanOrEqualTo(40L * MIB);
    }

    @Test
    void fetch_threePeersOfDifferentSpeed_shareInProportion() {
        World world = new World(32L * MIB);
        SimPeer fast = new SimPeer(1, 5, 60);
        SimPeer middle = new SimPeer(2, 20, 30);
        SimPeer slow = new SimPeer(3, 5, 10);
        List.of(fast, middle, slow).forEach(world::add);
        world.want(1000, 256 * 1024);
        long took = world.run(60 * SECOND);
        // 250 MiB at 100 MiB/s together.
        assertThat(took).isLessThan(3500 * MILLI);
        assertThat(fast.delivered).isBetween(480, 720);
        assertThat(middle.delivered).isBetween(200, 400);
        assertThat(slow.delivered).isBetween(40, 150);
        assertThat(world.duplicates).isLessThan(20);
    }

    @Test
    void fetch_slowCorruptDyingAndSilentPeers_isExactUsesAllGoodOnesAndWastesLittle() {
        Seed.forAll(40, random -> {
            World world = new World(16L * MIB);
            List<SimPeer> good = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                good.add(new SimPeer(i, 1 + random.nextInt(40), 20 + random.nextInt(60)));
            }
            SimPeer slow = new SimPeer(10, 50, 0.5 + random.nextDouble());
            SimPeer corrupt = new SimPeer(11, 1 + random.nextInt(40), 40);
            corrupt.corruptEvery = 10;
            SimPeer dying = new SimPeer(12, 5, 50);
            SimPeer silent = new SimPeer(13, 1, 50);
            silent.silent = true;
            SimPeer liar = new SimPeer(14, 1, 50);
            liar.silentOnBlocks = true;
            SimPeer empty = new SimPeer(15, 5, 50);
            empty.hasNothing = true;
            List<SimPeer> all = new ArrayList<>(good);
            all.addAll(List.of(slow, corrupt, dying, silent, liar, empty));
            Collections.shuffle(all, random);
            all.forEach(world::add);
            int count = 600;
            int size = random.nextBoolean() ? 256 * 1024 : MIB;
            world.want(count, size);
            world.at(random.nextInt(3000) * MILLI, () -> world.kill(dying));
            long took = world.run(120 * SECOND);
            assertThat(world.done).hasSize(count);
            good.forEach(peer -> assertThat(peer.delivered).as("good peer").isGreaterThan(count / 20));
            assertThat(world.duplicates).as("duplicates").isLessThan(count / 10);
            double goodRate =
                    good.stream().mapToDouble(peer -> peer.bytesPerSecond).sum();
            double ideal = (double) count * size / goodRate;
            assertThat(took / (double) SECOND).as("seconds, ideal " + ideal).isLessThan(ideal * 1.3 + 6);
        });
    }

    @Test
    void fetch_onlyACorruptAndASlowPeer_completes() {
        World world = new World(8L * MIB);
        SimPeer slow = new SimPeer(1, 20, 2);
        SimPeer corrupt = new SimPeer(2, 5, 50);
        corrupt.corruptEvery = 10;
        world.add(slow);
        world.add(corrupt);
        world.want(60, 256 * 1024);
        world.run(60 * SECOND);
        assertThat(world.done).hasSize(60);
        assertThat(slow.delivered).isPositive();
    }

    @Test
    void fetch_rootComesBeforeTheOthersSayThatTheyHaveIt_allShareTheLeaves() {
        World world = new World(16L * MIB);
        SimPeer near = new SimPeer(1, 1, 20);
        SimPeer far = new SimPeer(2, 40, 20);
        SimPeer empty = new SimPeer(3, 60, 20);
        empty.hasNothing = true;
        List.of(near, far, empty).forEach(world::add);
        world.want(0x70, 1, 4096);
        world.run(SECOND);
        assertThat(near.delivered).isEqualTo(1);
        world.want(80, MIB);
        long took = world.run(60 * SECOND);
        // 80 MiB at 40 MiB/s together.
        assertThat(far.delivered).isGreaterThan(25);
        assertThat(empty.useless + empty.delivered).isZero();
        assertThat(took).isLessThan(2800 * MILLI);
    }

    @Test
    void fetch_sourceSlowerThanItsFirstBlocks_costsLittle() {
        World world = new World(32L * MIB);
        for (int i = 0; i < 3; i++) {
            world.add(new SimPeer(i, 10, 12));
        }
        // Its first block would take four times as long as all others together.
        world.add(new SimPeer(9, 100, 0.06));
        world.want(128, MIB);
        long took = world.run(60 * SECOND);
        // 128 MiB at 36 MiB/s, and half a second to notice.
        assertThat(took).isLessThan(4200 * MILLI);
        assertThat(world.duplicates).isLessThan(8);
    }

    @Test
    void fetch_peerJoinsWhileRunning_getsItsShare() {
        World world = new World(16L * MIB);
        world.add(new SimPeer(1, 10, 20));
        SimPeer late = new SimPeer(2, 10, 80);
        world.want(600, 256 * 1024);
        world.at(SECOND, () -> world.add(late));
        long took = world.run(60 * SECOND);
        assertThat(late.delivered).isGreaterThan(250);
        // 7.5 s with one; 20 MiB in the first second, then 130 MiB at 100 MiB/s.
        assertThat(took).isLessThan(3 * SECOND);
    }

    @Test
    void fetch_peerDiesWithAllWants_theyMoveAtOnce() {
        World world = new World(16L * MIB);
        SimPeer first = new SimPeer(1, 1, 50);
        SimPeer second = new SimPeer(2, 50, 50);
        world.add(first);
        world.add(second);
        world.want(200, 256 * 1024);
        world.at(300 * MILLI, () -> world.kill(first));
        long took = world.run(60 * SECOND);
        assertThat(world.done).hasSize(200);
        assertThat(took).isLessThan(1500 * MILLI);
    }

    @Test
    void fetch_onlyPeerIsLost_itIsDialedAgain() {
        World world = new World(16L * MIB);
        SimPeer only = new SimPeer(1, 5, 50);
        SimPeer useless = new SimPeer(2, 5, 50);
        useless.hasNothing = true;
        world.add(only);
        world.add(useless);
        world.onRedial = peer -> {
            peer.gone = false;
            peer.sending = false;
            world.add(peer);
        };
        world.want(200, 256 * 1024);
        world.at(300 * MILLI, () -> world.kill(only));
        world.at(400 * MILLI, () -> world.kill(useless));
        long took = world.run(60 * SECOND);
        assertThat(world.done).hasSize(200);
        assertThat(world.redials).containsOnly(only.id);
        assertThat(took).isLessThan(3 * SECOND);
    }

    @Test
    void fetch_readInOrder_aSlowSourceCostsLittle() {
        for (int latencyMs : new int[] {1, 20, 100}) {
            long without = readInOrder(null, false);
            for (boolean slowFirst : new boolean[] {true, false}) {
                SimPeer slow = new SimPeer(9, latencyMs, 0.6);
                assertThat(readInOrder(slow, slowFirst))
                        .as("with a source of 0.6 MiB/s at %d ms", latencyMs)
                        .isLessThan(without * 11 / 10);
            }
        }
    }

    /** The time for 128 MiB of three sources of 12 MiB/s each and, where given, a slow one. */
    private static long readInOrder(@Nullable SimPeer slow, boolean slowFirst) {
        World world = new World(32L * MIB);
        if (slow != null && slowFirst) {
            world.add(slow);
        }
        for (int i = 0; i < 3; i++) {
            world.add(new SimPeer(i, 20, 12));
        }
        if (slow != null && !slowFirst) {
            world.add(slow);
        }
        world.readInOrder(128, MIB, 32);
        long took = world.run(60 * SECOND);
        assertThat(world.done).hasSize(128);
        assertThat(world.duplicates).isLessThan(10);
        return took;
    }

    @Test
    void fetch_blocksSpreadOverPartialPeers_findsEach() {
        Seed.forAll(10, random -> {
            World world = new World(16L * MIB);
            List<SimPeer> peers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                peers.add(new SimPeer(i, 5 + i, 40));
            }
            List<Cid> cids = world.want(300, 256 * 1024);
            for (Cid cid : cids) {
                int owner = random.nextInt(4);
                for (int i = 0; i < 4; i++) {
                    if (i != owner) {
                        peers.get(i).lacks.add(cid.multihash());
                    }
                }
            }
            peers.forEach(world::add);
            world.run(60 * SECOND);
            assertThat(world.done).hasSize(300);
        });
    }

    @Test
    void fetch_nobodyConnected_searchesAtOnce_thenWithBackoff() {
        World world = new World(16L * MIB);
        SimPeer provider = new SimPeer(1, 5, 50);
        List<Cid> cids = world.want(10, 1000);
        world.onSearch = () -> {
            if (world.searches.size() == 3) {
                world.session.providerFound(provider.id, cids.get(0).multihash());
                world.add(provider);
            }
        };
        long took = world.run(120 * SECOND);
        assertThat(world.done).hasSize(10);
        assertThat(world.searches).hasSize(3);
        assertThat(took).isBetween(15 * SECOND, 20 * SECOND);
    }

    @Test
    void fetch_connectedPeersHaveNothing_searchesOnceAllHaveSaidSo() {
        World world = new World(16L * MIB);
        for (int i = 2; i < 6; i++) {
            SimPeer peer = new SimPeer(i, 5, 50);
            peer.hasNothing = true;
            world.add(peer);
        }
        SimPeer provider = new SimPeer(1, 5, 50);
        List<Cid> cids = world.want(10, 1000);
        world.onSearch = () -> {
            if (!world.peers.containsKey(provider.id)) {
                world.session.providerFound(provider.id, cids.get(0).multihash());
                world.add(provider);
            }
        };
        assertThat(world.run(60 * SECOND)).isLessThan(2 * SECOND);
    }

    @Test
    void fetch_providersOfTheRootAreLost_looksForTheBlockAndForTheRootInTurns() {
        World world = new World(32L * MIB);
        SimPeer first = new SimPeer(1, 10, 10);
        world.add(first);
        List<Cid> cids = world.want(200, 256 * 1024);
        Cid root = cids.get(0);
        world.at(SECOND, () -> world.kill(first));
        world.onSearch = () -> {
            if (world.searches.size() == 4) {
                world.add(new SimPeer(2, 10, 100));
            }
        };
        world.run(120 * SECOND);
        assertThat(world.searches.get(0)).isEqualTo(root);
        assertThat(world.searches.get(1)).isNotEqualTo(root);
        assertThat(world.searches.get(2)).isEqualTo(root);
        assertThat(world.searches.get(3)).isNotEqualTo(root);
    }

    @Test
    void fetch_manySmallBlocks_areAskedForManyAtOnce() {
        World world = new World(32L * MIB);
        world.add(new SimPeer(1, 50, 100));
        world.want(10_000, 1000);
        // Windows of 512 wants of 1 ms of data each and a round trip of 100 ms.
        assertThat(world.run(60 * SECOND)).isLessThan(4 * SECOND);
    }

    @Test
    void race_slowPeerHoldsTheLastWants_idleOneGetsThem() {
        World world = new World(32L * MIB);
        SimPeer fast = new SimPeer(1, 5, 100);
        SimPeer slow = new SimPeer(2, 5, 100);
        world.add(fast);
        world.add(slow);
        world.want(100, MIB);
        // The slow one stalls in the middle.
        world.at(300 * MILLI, () -> {
            slow.silentOnBlocks = true;
            slow.queue.clear();
        });
        long took = world.run(60 * SECOND);
        assertThat(took).isLessThan(6 * SECOND);
        assertThat(world.session.racedAsks()).isPositive();
        assertThat(world.duplicates).isLessThan(10);
    }

    @Test
    void cancel_withdrawsEverywhere() {
        World world = new World(32L * MIB);
        SimPeer peer = new SimPeer(1, 5, 1);
        world.add(peer);
        List<Cid> cids = world.want(10, MIB);
        world.session.advance(world.now);
        cids.forEach(cid -> world.session.cancel(cid.multihash()));
        assertThat(world.session.isIdle()).isTrue();
        assertThat(world.session.inFlightBytes()).isZero();
        assertThat(world.session.outstandingBytes(peer.id)).isZero();
    }

    @Test
    void budget_readerHoldsBlocks_slowsDownButGoesOn() {
        World world = new World(8L * MIB);
        SimPeer peer = new SimPeer(1, 5, 100);
        world.add(peer);
        List<Cid> cids = world.want(100, MIB);
        world.session.advance(world.now);
        Random random = new Random(1);
        // Nothing that is delivered is released.
        int taken = 0;
        for (Cid cid : cids) {
            assertThat(world.session.inFlightBytes()).isLessThanOrEqualTo(8L * MIB + MIB);
            if (world.session.received(peer.id, cid.multihash(), MIB, world.now)) {
                world.session.delivered(MIB);
                taken++;
            }
            world.now += MILLI * (1 + random.nextInt(3));
            world.session.advance(world.now);
            // The first were admitted before their size was known.
            if (taken > 40) {
                assertThat(world.session.inFlightBytes()).isBetween(1L, 3L * MIB);
            }
            if (taken == 90) {
                break;
            }
        }
        assertThat(taken).isEqualTo(90);
    }
}

package io.kafila.dht.internal.provide;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.dht.ProvideOptions;
import io.kafila.dht.ProvideStat;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Providing in virtual time. */
class ProvideSweepSimTest {
    private static final long HOUR_MS = 3_600_000;
    private static final ProvideOptions OPTIONS = ProvideOptions.DEFAULT;

    private final MemoryDatastore datastore = new MemoryDatastore();

    private static Set<PeerId> ids(List<Provider> servers) {
        return servers.stream().map(Provider::peer).collect(Collectors.toSet());
    }

    @Test
    void hundredThousandKeys_takeATwentiethOfTheMessagesOfALookupForEach() {
        new Seed(1).run(random -> {
            SweepWorld world = new SweepWorld(2_000, random);
            for (int i = 0; i < 200; i++) {
                world.lookup(KadKey.of(SweepWorld.keys(1, random).get(0)));
            }
            double perLookup = world.findNodes / 200.0;
            world.findNodes = 0;
            world.lookups = 0;

            List<Multihash> keys = SweepWorld.keys(100_000, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            world.run(world.nowMs() + HOUR_MS);

            assertThat(world.sweep.queuedCount()).isZero();
            System.out.printf(
                    "100,000 keys, 2,000 servers: %d lookups, %d FIND_NODE; one lookup for each key: %.0f FIND_NODE (%.1f each);"
                            + " 1 of %.0f. ADD_PROVIDER either way: %d, on %d streams where each on its own takes as many streams%n",
                    world.lookups,
                    world.findNodes,
                    perLookup * keys.size(),
                    perLookup,
                    perLookup * keys.size() / world.findNodes,
                    world.addProviders,
                    world.streams);
            assertThat((world.findNodes + world.streams) * 20.0)
                    .as("requests of lookups and streams for records, of those of a lookup for each")
                    .isLessThan((perLookup + SweepWorld.K) * keys.size());
            assertThat(world.findNodes * 20.0).isLessThan(perLookup * keys.size());
            assertThat(world.addProviders).isEqualTo(keys.size() * (long) SweepWorld.K);
            for (int i = 0; i < keys.size(); i += 997) {
                Multihash key = keys.get(i);
                assertThat(world.told.get(key))
                        .as("holders of key %d", i)
                        .isEqualTo(ids(world.trulyNearest(KadKey.of(key))));
            }
        });
    }

    @Test
    void restartInTheMiddle_losesNone_repeatsFew() {
        Seed.forAll(3, random -> {
            MemoryDatastore store = new MemoryDatastore();
            SweepWorld world = new SweepWorld(500, random);
            List<Multihash> keys = SweepWorld.keys(20_000, random);
            world.start(OPTIONS, store);
            world.sweep.add(keys, world.nowMs());
            world.run(world.nowMs() + HOUR_MS, 300 + random.nextInt(300));
            long before = keys.stream().filter(world.told::containsKey).count();
            assertThat(before).isBetween(1_000L, 19_000L);

            world.start(OPTIONS, store); // as after a kill: what was in flight is gone
            world.run(world.nowMs() + HOUR_MS);
            assertThat(keys).allMatch(key -> world.told.get(key).size() == SweepWorld.K);
            long repeated = keys.stream().filter(key -> world.times(key) > 1).count();
            assertThat(repeated).as("repeated").isLessThanOrEqualTo((long) OPTIONS.maxWorkers() * ProvideStore.PAGE);
            assertThat(keys).allMatch(key -> world.times(key) <= 2);
        });
    }

    @Test
    void everyInterval_everyKeyIsProvidedAgain_andSpreadOut() {
        new Seed(4).run(random -> {
            SweepWorld world = new SweepWorld(500, random);
            List<Multihash> keys = SweepWorld.keys(2_000, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            long start = world.nowMs();
            world.run(start + 21 * HOUR_MS);
            assertThat(keys).allMatch(key -> world.times(key) == 1);
            long first = world.lookups;
            world.lookupTimes.clear();
            world.run(start + 26 * HOUR_MS);
            assertThat(keys).allMatch(key -> world.times(key) == 2);
            // no faster than the whole keyspace in an eighth of the interval
            long spread = world.lookupTimes.get(world.lookupTimes.size() - 1) - world.lookupTimes.get(0);
            assertThat(spread).isGreaterThan(22 * HOUR_MS / ProvideSweep.CATCH_UP * 8 / 10);
            assertThat(world.lookups - first).isLessThanOrEqualTo(first * 3 / 2);
            world.run(start + 72 * HOUR_MS);
            assertThat(keys).allMatch(key -> world.times(key) == 4);
        });
    }

    @Test
    void afterThreeDaysOff_allIsCaughtUp_withoutABurst() {
        new Seed(5).run(random -> {
            SweepWorld world = new SweepWorld(500, random);
            List<Multihash> keys = SweepWorld.keys(2_000, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            world.run(world.nowMs() + HOUR_MS);
            long firstLookups = world.lookups;
            world.tellings.clear();
            world.lookupTimes.clear();
            world.skip(72 * HOUR_MS);
            world.start(OPTIONS, datastore);
            long start = world.nowMs();
            world.run(start + 4 * HOUR_MS);
            assertThat(keys).allMatch(key -> world.times(key) == 1);
            long firstMinutes = world.lookupTimes.stream()
                    .filter(at -> at < start + 10 * 60_000)
                    .count();
            assertThat(firstMinutes).isLessThan(firstLookups / 8);
        });
    }

    @Test
    void serversPutAroundAKey_doNotKeepItFromTheOthers() {
        new Seed(13).run(random -> {
            SweepWorld world = new SweepWorld(2_000, random);
            List<Multihash> keys = SweepWorld.keys(3_000, random);
            Multihash victim = keys.get(0);
            Set<PeerId> crowd = world.crowd(KadKey.of(victim), 30, 12);
            for (int usualBits : new int[] {256, 6}) {
                world.usualBits = usualBits;
                world.told.clear();
                world.start(OPTIONS, new MemoryDatastore());
                world.sweep.add(keys, world.nowMs());
                world.run(world.nowMs() + HOUR_MS);
                Set<PeerId> honest = new HashSet<>(world.told.get(victim));
                honest.removeAll(crowd);
                if (usualBits == 256) {
                    assertThat(honest)
                            .as("nobody knows how near servers usually lie")
                            .hasSizeLessThan(5);
                } else {
                    assertThat(honest).hasSizeGreaterThanOrEqualTo(10);
                    long more = keys.stream()
                            .filter(key -> world.told.get(key).size() > SweepWorld.K)
                            .count();
                    assertThat(more).as("keys that look crowded").isBetween(1L, 60L);
                }
            }
        });
    }

    @Test
    void deadServers_takeNothing_othersDo() {
        new Seed(6).run(random -> {
            SweepWorld world = new SweepWorld(300, random);
            world.servers.stream().limit(150).map(Provider::peer).forEach(world.dead::add);
            List<Multihash> keys = SweepWorld.keys(500, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            world.run(world.nowMs() + HOUR_MS);
            assertThat(keys).allMatch(key -> !world.told.get(key).isEmpty());
            assertThat(world.sweep.stat(world.nowMs()).network().avgHolders()).isBetween(7.0, 13.0);
        });
    }

    @Test
    void offline_waits_andGoesOnWhenTheNetworkIsBack() {
        new Seed(7).run(random -> {
            SweepWorld world = new SweepWorld(100, random);
            List<Multihash> keys = SweepWorld.keys(100, random);
            world.online = false;
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            world.run(world.nowMs() + 10 * HOUR_MS);
            assertThat(world.lookupTimes.size()).isLessThan(10 * 12 + 10);
            assertThat(world.sweep.stat(world.nowMs()).connectivity().status()).isEqualTo("offline");
            assertThat(world.sweep.queuedCount()).isEqualTo(100);
            world.online = true;
            world.run(world.nowMs() + HOUR_MS);
            assertThat(keys).allMatch(key -> world.told.get(key).size() == SweepWorld.K);
            ProvideStat stat = world.sweep.stat(world.nowMs());
            assertThat(stat.connectivity().status()).isEqualTo("online");
            assertThat(stat.queues().pendingKeyProvides()).isZero();
            assertThat(stat.operations().keysProvided()).isEqualTo(100);
            assertThat(stat.operations().recordsProvided()).isEqualTo(2_000);
            world.online = false;
            world.sweep.add(SweepWorld.keys(1, random), world.nowMs());
            world.run(world.nowMs() + HOUR_MS);
            assertThat(world.sweep.stat(world.nowMs()).connectivity().status()).isEqualTo("disconnected");
        });
    }

    @Test
    void fewServers_oneLookupServesAllKeys() {
        new Seed(8).run(random -> {
            SweepWorld world = new SweepWorld(9, random);
            List<Multihash> keys = SweepWorld.keys(3_000, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            world.run(world.nowMs() + HOUR_MS);
            assertThat(world.lookups).isEqualTo(1);
            assertThat(keys).allMatch(key -> world.told.get(key).size() == 9);
        });
    }

    @Test
    void rounds_forgetWhatIsNotWantedAnyMore() {
        new Seed(9).run(random -> {
            SweepWorld world = new SweepWorld(50, random);
            List<Multihash> keys = SweepWorld.keys(3_000, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            world.sweep.beginRound();
            world.sweep.add(keys.subList(0, 2_000), world.nowMs());
            assertThat(world.sweep.endRound()).isEqualTo(1_000);
            assertThat(world.sweep.keyCount()).isEqualTo(2_000);
            world.run(world.nowMs() + HOUR_MS);
            assertThat(new HashSet<>(world.told.keySet())).isEqualTo(new HashSet<>(keys.subList(0, 2_000)));
        });
    }

    @Test
    void once_isProvidedAndForgotten_aKnownKeyStays() {
        new Seed(10).run(random -> {
            SweepWorld world = new SweepWorld(50, random);
            List<Multihash> keys = SweepWorld.keys(2, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys.subList(0, 1), world.nowMs());
            world.run(world.nowMs() + HOUR_MS);
            world.sweep.addOnce(keys, world.nowMs());
            world.run(world.nowMs() + HOUR_MS);
            assertThat(world.times(keys.get(0))).isEqualTo(2);
            assertThat(world.times(keys.get(1))).isEqualTo(1);
            assertThat(world.sweep.keyCount()).isEqualTo(1);
        });
    }

    @Test
    void clear_emptiesTheQueue_theKeysComeLater() {
        new Seed(11).run(random -> {
            SweepWorld world = new SweepWorld(50, random);
            List<Multihash> keys = SweepWorld.keys(2_500, random);
            world.start(OPTIONS, datastore);
            world.sweep.add(keys, world.nowMs());
            assertThat(world.sweep.clear(world.nowMs())).isEqualTo(2_500);
            assertThat(world.sweep.queuedCount()).isZero();
            assertThat(world.sweep.keyCount()).isEqualTo(2_500);
            world.run(world.nowMs() + 10 * HOUR_MS);
            assertThat(world.told).isEmpty();
            world.run(world.nowMs() + 5 * HOUR_MS);
            assertThat(world.told).hasSize(2_500);
        });
    }

    @Test
    void intervalZero_providesNewKeysOnly() {
        new Seed(12).run(random -> {
            SweepWorld world = new SweepWorld(50, random);
            List<Multihash> keys = SweepWorld.keys(10, random);
            world.start(OPTIONS.withInterval(java.time.Duration.ZERO), datastore);
            world.sweep.add(keys, world.nowMs());
            world.run(world.nowMs() + 100 * HOUR_MS);
            assertThat(keys).allMatch(key -> world.times(key) == 1);
        });
    }

    @Test
    void explorations_findAllServersOfARegionThatHoldsK() {
        Seed.each(5, random -> {
            SweepWorld world = new SweepWorld(30 + random.nextInt(800), random);
            for (int i = 0; i < 20; i++) {
                byte[] name = new byte[34];
                random.nextBytes(name);
                RegionExploration exploration = new RegionExploration(
                        name, SweepWorld.K, () -> 256, io.kafila.dht.internal.key.Keyspace.SHA256, new Random(i));
                for (byte[] next = exploration.next(); next != null; next = exploration.next()) {
                    exploration.onClosest(world.trulyNearest(KadKey.hash(next)));
                }
                Region region = exploration.region();
                long inside = world.servers.stream()
                        .filter(server -> region.contains(world.at(server.peer())))
                        .count();
                assertThat(exploration.size()).isEqualTo((int) inside);
                assertThat(region.bits() == 0 || inside >= SweepWorld.K).isTrue();
                assertThat(exploration.lookups()).isLessThanOrEqualTo(6);
                KadKey key = region.point().commonPrefix(KadKey.hash(name)) >= region.bits() ? KadKey.hash(name) : null;
                assertThat(key).isNotNull();
                assertThat(ids(exploration.holders(key))).isEqualTo(ids(world.trulyNearest(key)));
            }
        });
    }
}

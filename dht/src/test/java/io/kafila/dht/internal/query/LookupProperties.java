package io.kafila.dht.internal.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.kafila.dht.internal.Contacts;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The laws of a lookup, in random networks whose peers answer, fail, stall and lie. */
class LookupProperties {
    private static final long STALL = LookupOptions.AMINO.stallNanos();

    /** Plays a lookup to its end in random order, checking the laws at each step. */
    private static final class Game {
        private final Random random;
        private final KadKey target;
        private final List<Contact> network = new ArrayList<>();
        private final Set<Contact> dead = new HashSet<>();
        private final Set<Contact> asked = new HashSet<>();
        private final List<Contact> underWay = new ArrayList<>();
        private final LookupOptions options;
        private boolean liars;
        private long now = random0();

        Game(Random random, int peers, LookupOptions options) {
            this.random = random;
            this.options = options;
            this.target = KadKey.of(Contacts.peer(random));
            for (int i = 0; i < peers; i++) {
                network.add(Contacts.random(random));
            }
        }

        private static long random0() {
            return Long.MAX_VALUE - 5 * STALL; // clocks may overflow on the way
        }

        List<Contact> play(int seeds) {
            List<Contact> known = new ArrayList<>(network);
            java.util.Collections.shuffle(known, random);
            Lookup lookup = new Lookup(target, known.subList(0, Math.min(seeds, known.size())), options);
            int steps = 0;
            while (!lookup.isFinished()) {
                for (Contact next = lookup.next(now); next != null; next = lookup.next(now)) {
                    assertThat(asked.add(next)).as("asked once").isTrue();
                    underWay.add(next);
                    assertThat(lookup.inFlight()).isBetween(1, options.alpha());
                }
                assertThat(asked.size()).isEqualTo(lookup.asked()).isLessThanOrEqualTo(options.maxAsked());
                if (lookup.isFinished()) {
                    break;
                }
                assertThat(underWay).as("waits for somebody").isNotEmpty();
                event(lookup);
                assertThat(++steps).as("ends").isLessThan(20_000);
            }
            assertThat(lookup.next(now)).isNull();
            return lookup.result();
        }

        private void event(Lookup lookup) {
            if (random.nextInt(20) == 0) {
                now += STALL;
                return;
            }
            Contact peer = underWay.remove(random.nextInt(underWay.size()));
            if (dead.contains(peer)) {
                lookup.onFailure(peer.peer());
            } else if (liars) {
                List<Contact> made = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    made.add(Contacts.random(random));
                }
                lookup.onSuccess(peer.peer(), made);
            } else {
                lookup.onSuccess(peer.peer(), nearest(options.k()));
            }
        }

        /** Every peer knows the whole network in these games, the dead included. */
        private List<Contact> nearest(int count) {
            return network.stream()
                    .sorted(Comparator.comparing(Contact::key, target::compareDistances))
                    .limit(count)
                    .toList();
        }

        List<Contact> nearestAlive() {
            return network.stream()
                    .filter(contact -> !dead.contains(contact))
                    .sorted(Comparator.comparing(Contact::key, target::compareDistances))
                    .limit(options.k())
                    .toList();
        }
    }

    @Test
    void allAnswer_findsExactlyTheNearest() {
        Seed.each(100, random -> {
            Game game = new Game(random, 1 + random.nextInt(200), noStall());
            assertThat(game.play(1 + random.nextInt(20))).isEqualTo(game.nearestAlive());
        });
    }

    @Test
    void someDead_endsWithLivePeersOnly() {
        Seed.each(100, random -> {
            Game game = new Game(random, 50 + random.nextInt(150), LookupOptions.AMINO);
            game.network.stream().filter(peer -> random.nextInt(3) == 0).forEach(game.dead::add);
            List<Contact> found = game.play(20);
            assertThat(found).doesNotContainAnyElementsOf(game.dead);
            assertThat(found).isSortedAccordingTo(Comparator.comparing(Contact::key, game.target::compareDistances));
        });
    }

    @Test
    void allDead_endsWithNothing() {
        Seed.each(50, random -> {
            Game game = new Game(random, 30, LookupOptions.AMINO);
            game.dead.addAll(game.network);
            assertThat(game.play(20)).isEmpty();
            assertThat(game.asked).hasSize(20);
        });
    }

    @Test
    void liarsWithEverNewPeers_endsWithinMaxAsked() {
        Seed.each(30, random -> {
            Game game = new Game(random, 20, new LookupOptions(20, 10, 20, STALL, 100, Integer.MAX_VALUE));
            game.liars = true;
            game.play(20);
            assertThat(game.asked.size()).isLessThanOrEqualTo(100);
        });
    }

    @Test
    void noSeeds_finishedAtOnce() {
        Seed.each(1, random -> {
            Game game = new Game(random, 0, LookupOptions.AMINO);
            assertThat(game.play(20)).isEmpty();
        });
    }

    @Test
    void stalledRequest_makesRoomAndStillCounts() {
        Seed.each(20, random -> {
            LookupOptions one = new LookupOptions(20, 1, 3, STALL, 256, Integer.MAX_VALUE);
            List<Contact> seeds = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                seeds.add(Contacts.random(random));
            }
            Lookup lookup = new Lookup(KadKey.of(Contacts.peer(random)), seeds, one);
            Contact slow = lookup.next(0);
            assertThat(slow).isNotNull();
            assertThat(lookup.next(STALL - 1)).isNull();
            assertThat(lookup.nextStallNanos()).isEqualTo(STALL);
            Contact second = lookup.next(STALL);
            assertThat(second).isNotNull().isNotEqualTo(slow);
            lookup.onSuccess(slow.peer(), List.of());
            assertThat(lookup.result()).containsExactly(slow);
        });
    }

    /** A lookup among honest peers, each of a group of its own, and peers of an attacker next to the target. */
    private static final class Attacked {
        private final KadKey target;
        private final Random random;
        private final List<Contact> honest = new ArrayList<>();
        private final List<Contact> attackers = new ArrayList<>();
        private final java.util.Map<io.kafila.multiformats.PeerId, Integer> groups = new java.util.HashMap<>();

        Attacked(Random random, int honestCount, int attackerCount, int networks, int bits) {
            this.random = random;
            this.target = KadKey.of(Contacts.peer(random));
            for (int i = 0; i < honestCount; i++) {
                honest.add(add(i, Contacts.at(random, (i / 256 + 1) + "." + i % 256 + ".1.1")));
            }
            for (int i = 0; i < attackerCount; i++) {
                Contact drawn = Contacts.at(random, (200 + i % networks / 256) + "." + i % networks % 256 + ".1.1");
                Contact near = new Contact(drawn.peer(), target.randomAt(bits, random), drawn.addresses());
                attackers.add(add(100_000 + i % networks, near));
            }
        }

        private Contact add(int group, Contact contact) {
            groups.put(contact.peer(), group);
            return contact;
        }

        private List<Contact> nearest(List<Contact> of, int count) {
            return of.stream()
                    .sorted(Comparator.comparing(Contact::key, target::compareDistances))
                    .limit(count)
                    .toList();
        }

        private List<Contact> named(int count) {
            List<Contact> named = new ArrayList<>(nearest(attackers, 3));
            named.addAll(
                    nearest(honest.stream().filter(each -> random.nextBoolean()).toList(), count - named.size()));
            return nearest(named, count);
        }

        /** Attackers name each other alone; an honest one names three, and the nearest of those honest ones, one half, that it knows. */
        List<Contact> play(LookupOptions options, int usualBits) {
            List<Contact> seeds = new ArrayList<>(honest);
            java.util.Collections.shuffle(seeds, random);
            Lookup lookup = new Lookup(target, seeds.subList(0, 20), options, usualBits);
            List<Contact> underWay = new ArrayList<>();
            while (!lookup.isFinished()) {
                for (Contact next = lookup.next(0); next != null; next = lookup.next(0)) {
                    underWay.add(next);
                }
                if (lookup.isFinished()) {
                    break;
                }
                assertThat(underWay).as("waits for somebody").isNotEmpty();
                Contact peer = underWay.remove(random.nextInt(underWay.size()));
                lookup.onSuccess(
                        peer.peer(),
                        Set.of(groups.get(peer.peer())),
                        attackers.contains(peer) ? nearest(attackers, options.k()) : named(options.k()));
            }
            return lookup.result();
        }
    }

    private static LookupOptions atMost(int perGroup) {
        return new LookupOptions(20, 10, 3, Long.MAX_VALUE / 2, 256, perGroup);
    }

    @Test
    void attackerOfOneNetwork_isTwoOfTheResult_withoutALimitAllOfIt() {
        Seed.each(30, random -> {
            Attacked game = new Attacked(random, 300, 25, 1, 30);
            List<Contact> limited = game.play(atMost(2), Crowding.UNKNOWN);
            assertThat(limited).hasSize(20).containsAll(game.nearest(game.honest, 18));
            assertThat(limited).filteredOn(game.attackers::contains).hasSize(2);
            assertThat(game.play(atMost(Integer.MAX_VALUE), Crowding.UNKNOWN)).isSubsetOf(game.attackers);
        });
    }

    @Test
    void attackerOfManyNetworks_crowdShows_theUsualNeighboursAreNamedToo() {
        Seed.each(30, random -> {
            Attacked game = new Attacked(random, 640, 40, 40, 30);
            List<Contact> found = game.play(atMost(2), 5);
            assertThat(found)
                    .hasSizeLessThanOrEqualTo(Crowding.MAX_WANTED)
                    .containsAll(game.honest.stream()
                            .filter(contact -> game.target.commonPrefix(contact.key()) >= 5)
                            .toList());
            assertThat(game.play(atMost(2), Crowding.UNKNOWN)).hasSize(20).isSubsetOf(game.attackers);
        });
    }

    @Test
    void crowdOfThousands_endsWithinItsBounds() {
        Seed.each(5, random -> {
            Attacked game = new Attacked(random, 300, 2_000, 2_000, 30);
            assertThat(game.play(atMost(2), 4)).hasSizeLessThanOrEqualTo(Crowding.MAX_WANTED);
        });
    }

    @Test
    void stop_asksNobody() {
        Seed.each(1, random -> {
            Lookup lookup =
                    new Lookup(KadKey.of(Contacts.peer(random)), List.of(Contacts.random(random)), LookupOptions.AMINO);
            lookup.stop();
            assertThat(lookup.next(0)).isNull();
            assertThat(lookup.isFinished()).isTrue();
        });
    }

    private static LookupOptions noStall() {
        return new LookupOptions(20, 10, 3, Long.MAX_VALUE / 2, 256, Integer.MAX_VALUE);
    }
}

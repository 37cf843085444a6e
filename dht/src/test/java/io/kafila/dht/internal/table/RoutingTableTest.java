package io.kafila.dht.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dht.internal.Contacts;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.table.RoutingTable.Offer;
import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private static final TableOptions UNLIMITED = new TableOptions(20, Integer.MAX_VALUE, Integer.MAX_VALUE, 600);

    @Test
    void closest_isWhatSortingAllGives() {
        Seed.each(20, random -> {
            KadKey self = KadKey.of(Contacts.peer(random));
            RoutingTable table = new RoutingTable(self, UNLIMITED);
            List<Contact> inside = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Contact contact = Contacts.random(random);
                if (table.offer(contact, i) == Offer.ADDED) {
                    inside.add(contact);
                }
            }
            for (int i = 0; i < 50; i++) {
                KadKey target = self.randomAt(random.nextInt(12), random);
                assertThat(table.closest(target, 20))
                        .isEqualTo(inside.stream()
                                .sorted(Comparator.comparing(Contact::key, target::compareDistances))
                                .limit(20)
                                .toList());
            }
            assertThat(table.size()).isEqualTo(inside.size());
        });
    }

    @Test
    void bitsOfNearest_tellHowDenseTheKeyspaceIs() {
        Seed.each(20, random -> {
            for (int servers : new int[] {10, 100, 1_000, 10_000}) {
                KadKey self = KadKey.of(Contacts.peer(random));
                RoutingTable table = new RoutingTable(self, UNLIMITED);
                for (int i = 0; i < servers; i++) {
                    table.offer(Contacts.random(random), i);
                }
                int expected = (int) Math.max(0, Math.floor(Math.log(servers / 20.0) / Math.log(2)));
                assertThat(table.bitsOfNearest()).as(servers + " servers").isBetween(expected - 1, expected + 1);
            }
        });
    }

    @Test
    void flood_noBucketGrowsPastItsBoundAndNobodyIsDisplaced() {
        Seed.each(3, random -> {
            RoutingTable table = new RoutingTable(KadKey.of(Contacts.peer(random)), UNLIMITED);
            List<Contact> first = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                table.offer(Contacts.random(random), i);
            }
            first.addAll(table.contacts());
            for (int i = 0; i < 20_000; i++) {
                table.offer(Contacts.random(random), i);
            }
            assertThat(table.contacts()).containsAll(first);
            Map<Integer, Integer> sizes = new HashMap<>();
            table.rows().forEach(row -> sizes.merge(row.bucket(), 1, Integer::sum));
            assertThat(sizes.values()).allMatch(count -> count <= 20);
        });
    }

    @Test
    void fullBucket_newcomerWaitsUntilOneFails() {
        Seed.each(10, random -> {
            KadKey self = KadKey.of(Contacts.peer(random));
            RoutingTable table = new RoutingTable(self, UNLIMITED);
            List<Contact> far = inBucketZero(self, random, 41);
            for (Contact contact : far.subList(0, 20)) {
                assertThat(table.offer(contact, 0)).isEqualTo(Offer.ADDED);
            }
            for (Contact contact : far.subList(20, 41)) {
                assertThat(table.hasRoomFor(contact)).isFalse();
                assertThat(table.offer(contact, 0)).isEqualTo(Offer.WAITING);
            }
            assertThat(table.rivalOf(far.get(20), 599)).isNull();
            table.offer(far.get(0), 300);
            assertThat(table.rivalOf(far.get(20), 600)).isEqualTo(far.get(1));
            assertThat(table.remove(far.get(1).peer(), far.get(1).key()))
                    .as("who came last is likeliest to be there")
                    .isEqualTo(far.get(40));
            assertThat(table.offer(far.get(40), 601)).isEqualTo(Offer.ADDED);
        });
    }

    @Test
    void groups_threeInAllTwoInABucket() {
        Seed.each(10, random -> {
            KadKey self = KadKey.of(Contacts.peer(random));
            RoutingTable table = new RoutingTable(self, TableOptions.WAN);
            int added = 0;
            Map<Integer, Integer> inBucket = new HashMap<>();
            List<Contact> inside = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                Contact contact = Contacts.at(random, "198.51." + random.nextInt(256) + ".9");
                if (table.offer(contact, 0) == Offer.ADDED) {
                    added++;
                    inside.add(contact);
                    inBucket.merge(self.commonPrefix(contact.key()), 1, Integer::sum);
                }
            }
            assertThat(added).isEqualTo(3);
            assertThat(inBucket.values()).allMatch(count -> count <= 2);
            assertThat(table.offer(Contacts.at(random, "203.0.113.9"), 0)).isEqualTo(Offer.ADDED);
            table.remove(inside.get(0).peer(), inside.get(0).key());
            Contact again = inside.get(0);
            assertThat(table.offer(again, 0)).isEqualTo(Offer.ADDED);
        });
    }

    @Test
    void dueForCheck_longestSilentFirst() {
        Seed.each(1, random -> {
            RoutingTable table = new RoutingTable(KadKey.of(Contacts.peer(random)), UNLIMITED);
            Contact old = Contacts.random(random);
            Contact older = Contacts.random(random);
            table.offer(older, 0);
            table.offer(old, 10);
            table.offer(Contacts.random(random), 500);
            assertThat(table.dueForCheck(700, 5)).containsExactly(older, old);
            table.offer(older, 700);
            assertThat(table.dueForCheck(700, 5)).containsExactly(old);
        });
    }

    @Test
    void bucketsBeyond_areThoseThatAreNotOfTheNearest() {
        Seed.each(10, random -> {
            KadKey self = KadKey.of(Contacts.peer(random));
            RoutingTable table = new RoutingTable(self, UNLIMITED);
            assertThat(table.bucketsBeyond(20)).isZero();
            for (int i = 0; i < 2_000; i++) {
                table.offer(Contacts.random(random), i);
            }
            int far = table.bucketsBeyond(20);
            assertThat(table.rows().stream().filter(row -> row.bucket() >= far)).hasSizeLessThanOrEqualTo(20);
            assertThat(table.rows().stream().filter(row -> row.bucket() >= far - 1))
                    .hasSizeGreaterThan(20);
        });
    }

    @Test
    void offer_self_refused() {
        Seed.each(1, random -> {
            Contact self = Contacts.random(random);
            RoutingTable table = new RoutingTable(self.key(), UNLIMITED);
            assertThat(table.hasRoomFor(self)).isFalse();
            assertThatThrownBy(() -> table.offer(self, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("routing table: " + self.peer() + " is this node itself");
        });
    }

    private static List<Contact> inBucketZero(KadKey self, Random random, int count) {
        List<Contact> far = new ArrayList<>();
        while (far.size() < count) {
            Contact contact = Contacts.random(random);
            if (self.commonPrefix(contact.key()) == 0) {
                far.add(contact);
            }
        }
        return far;
    }
}

package io.kafila.dht.internal.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dht.InvalidRecordException;
import io.kafila.dht.internal.Counter;
import io.kafila.dht.internal.key.Contact;
import io.kafila.dht.internal.key.KadKey;
import io.kafila.dht.internal.node.SimulatedPeers.Node;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.dht.internal.wire.ValueRecord;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KademliaSimTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Multihash content(Random random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HashFunction.SHA2_256.digest(bytes);
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    @Test
    void closestPeers_areTheNearestOfTheNetwork() {
        Seed.each(1, random -> {
            SimulatedPeers peers = SimulatedPeers.grown(random, 60);
            int right = 0;
            int wanted = 0;
            for (int i = 0; i < 20; i++) {
                byte[] name = content(random).bytes();
                KadKey target = KadKey.hash(name);
                Node asking = pick(peers.nodes, random);
                List<Contact> found = peers.within(LIMIT, asking.kademlia.closestPeers(name, event -> {}));
                assertThat(found).isSortedAccordingTo(Comparator.comparing(Contact::key, target::compareDistances));
                List<PeerId> nearest = peers.nodes.stream()
                        .filter(node -> node != asking)
                        .map(node -> node.peer)
                        .sorted(Comparator.comparing(KadKey::of, target::compareDistances))
                        .limit(20)
                        .toList();
                wanted += nearest.size();
                right += (int) found.stream()
                        .filter(each -> nearest.contains(each.peer()))
                        .count();
            }
            assertThat(right).isGreaterThanOrEqualTo(wanted * 95 / 100);
        });
    }

    @Test
    void provide_anyOtherFinds_andAClientToo() {
        Seed.each(1, random -> {
            SimulatedPeers peers = SimulatedPeers.grown(random, 50);
            Node client = peers.add();
            client.kademlia.serve(false);
            Node known = pick(peers.nodes.subList(0, 50), random);
            client.kademlia.onServer(known.peer, known.addresses);
            peers.run(Duration.ofSeconds(5));
            for (int i = 0; i < 20; i++) {
                Multihash key = content(random);
                Node provider = i == 0 ? client : pick(peers.nodes, random);
                assertThat(peers.within(LIMIT, provider.kademlia.provide(key, event -> {})))
                        .isEqualTo(20);
                peers.run(Duration.ofSeconds(1));
                List<Provider> found = new ArrayList<>();
                Node asking = pick(peers.nodes, random);
                peers.within(LIMIT, asking.kademlia.findProviders(key, 1, found::add, event -> {}));
                assertThat(found).containsExactly(new Provider(provider.peer, provider.addresses));
            }
            assertThat(peers.nodes)
                    .noneMatch(node -> node.kademlia.table().contacts().stream()
                            .anyMatch(each -> each.peer().equals(client.peer)));
        });
    }

    @Test
    void findPeer_addresses() {
        Seed.each(1, random -> {
            SimulatedPeers peers = SimulatedPeers.grown(random, 50);
            for (int i = 0; i < 20; i++) {
                Node wanted = pick(peers.nodes, random);
                Node asking = pick(peers.nodes, random);
                if (asking != wanted) {
                    assertThat(peers.within(LIMIT, asking.kademlia.findPeer(wanted.peer, event -> {})))
                            .contains(new Provider(wanted.peer, wanted.addresses));
                }
            }
        });
    }

    @Test
    void value_bestWins_andHoldersOfWorseAreCorrected() {
        Seed.each(1, random -> {
            SimulatedPeers peers = SimulatedPeers.grown(random, 40);
            byte[] key = "/n/answer".getBytes(US_ASCII);
            Node writer = peers.nodes.get(0);
            peers.within(LIMIT, writer.kademlia.putValue(key, "7".getBytes(US_ASCII), event -> {}));
            KadKey target = KadKey.hash(key);
            List<Node> holders = peers.nodes.stream()
                    .sorted(Comparator.comparing(node -> KadKey.of(node.peer), target::compareDistances))
                    .limit(10)
                    .toList();
            Node newer = holders.get(3);
            newer.kademlia.records().putValue(key, "8".getBytes(US_ASCII)).join();

            Node reader = peers.nodes.get(39);
            Optional<byte[]> best = peers.within(LIMIT, reader.kademlia.searchValue(key, 0, better -> {}, event -> {}));
            assertThat(best).hasValue("8".getBytes(US_ASCII));
            peers.run(Duration.ofSeconds(5));
            for (Node holder : holders) {
                assertThat(holder.kademlia
                                .records()
                                .value(key)
                                .join()
                                .orElseThrow()
                                .value())
                        .isEqualTo("8".getBytes(US_ASCII));
            }
            assertThat(reader.counters.get(Counter.VALUES_CORRECTED)).isPositive();
            assertThatThrownBy(() ->
                            peers.within(LIMIT, writer.kademlia.putValue(key, "6".getBytes(US_ASCII), event -> {})))
                    .hasRootCauseInstanceOf(InvalidRecordException.class)
                    .hasRootCauseMessage("record: a better value of the key is known");
        });
    }

    @Test
    void halfDie_lookupsStillSucceed_tablesHeal() {
        Seed.each(1, random -> {
            SimulatedPeers peers = SimulatedPeers.grown(random, 60);
            List<Node> alive = new ArrayList<>();
            for (Node node : peers.nodes) {
                node.dead = random.nextBoolean();
                if (!node.dead) {
                    alive.add(node);
                }
            }
            Multihash key = content(random);
            peers.within(LIMIT, pick(alive, random).kademlia.provide(key, event -> {}));
            List<Provider> found = new ArrayList<>();
            peers.within(LIMIT, pick(alive, random).kademlia.findProviders(key, 1, found::add, event -> {}));
            assertThat(found).hasSize(1);
            peers.run(Duration.ofMinutes(40));
            for (Node node : alive) {
                assertThat(node.kademlia.table().contacts())
                        .isNotEmpty()
                        .noneMatch(each -> peers.byPeer.get(each.peer()).dead);
            }
        });
    }

    @Test
    void handle_forgedMalformedOversize_refusedAndCounted() {
        Seed.each(1, random -> {
            SimulatedPeers peers = new SimulatedPeers(random);
            Node node = peers.add();
            Node other = peers.add();
            Kademlia kademlia = node.kademlia;
            PeerEntry victim = new PeerEntry(node.peer, node.addresses);
            byte[] key = content(random).bytes();

            assertThat(kademlia.handle(other.peer, Message.addProvider(key, victim)))
                    .isCompletedExceptionally();
            assertThat(node.counters.get(Counter.FOREIGN_PROVIDERS_REFUSED)).isEqualTo(1);
            assertThat(kademlia.handle(other.peer, Message.addProvider(key, new PeerEntry(other.peer, List.of()))))
                    .isCompletedExceptionally();
            assertThat(kademlia.handle(other.peer, Message.getProviders(new byte[81])))
                    .isCompletedExceptionally();
            assertThat(kademlia.handle(
                            other.peer, Message.addProvider(new byte[81], new PeerEntry(other.peer, other.addresses))))
                    .isCompletedExceptionally();
            assertThat(kademlia.handle(other.peer, Message.findNode(new byte[0])))
                    .isCompletedExceptionally();
            assertThat(node.counters.get(Counter.EMPTY_OR_LONG_KEYS)).isEqualTo(3);
            for (String bad : List.of("/n/x", "/unknown/x", "none")) {
                ValueRecord record = new ValueRecord(bad.getBytes(US_ASCII), "forged".getBytes(US_ASCII));
                assertThat(kademlia.handle(other.peer, Message.putValue(record)))
                        .isCompletedExceptionally();
            }
            assertThat(node.counters.get(Counter.INVALID_VALUES_REFUSED)).isEqualTo(3);
            assertThat(kademlia.records().providers(key).join()).isEmpty();

            kademlia.serve(false);
            assertThat(kademlia.handle(other.peer, Message.findNode(key))).isCompletedExceptionally();
            assertThat(node.counters.get(Counter.REQUESTS_AS_CLIENT_REFUSED)).isEqualTo(1);
        });
    }

    @Test
    void emptyNetwork_saysSo() {
        Seed.each(1, random -> {
            SimulatedPeers peers = new SimulatedPeers(random);
            Node alone = peers.add();
            assertThat(peers.within(LIMIT, alone.kademlia.closestPeers(new byte[] {1}, event -> {})))
                    .isEmpty();
            assertThatThrownBy(() -> peers.within(LIMIT, alone.kademlia.provide(content(random), event -> {})))
                    .hasRootCauseMessage(
                            "dht: no peer of the wan network could be told of the provider, want at least one");
        });
    }
}

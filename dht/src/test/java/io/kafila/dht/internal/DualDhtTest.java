package io.kafila.dht.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.dht.Dht;
import io.kafila.dht.DhtMode;
import io.kafila.dht.DhtOptions;
import io.kafila.dht.internal.wire.Message;
import io.kafila.dht.internal.wire.MessageCodec;
import io.kafila.dht.internal.wire.PeerEntry;
import io.kafila.dht.internal.wire.WireLimits;
import io.kafila.libp2p.Datastore;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.MemoryDatastore;
import io.kafila.libp2p.Stream;
import io.kafila.libp2p.StreamReader;
import io.kafila.libp2p.routing.Provider;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PublicKey;
import io.kafila.multiformats.Varint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real streams on the loopback interface. */
@Timeout(90)
class DualDhtTest {

    @Test
    void chain_becomesOneNetwork_provideAndFind() throws Exception {
        try (Hosts hosts = new Hosts()) {
            for (int i = 0; i < 6; i++) {
                Host host = hosts.host();
                hosts.dht(host, Hosts.OPTIONS);
                if (i > 0) {
                    Hosts.connect(host, hosts.hosts.get(i - 1));
                }
            }
            for (Dht dht : hosts.dhts) {
                Hosts.await("all know all", () -> Hosts.known(dht) == 5);
            }
            Multihash content = HashFunction.SHA2_256.digest(Hosts.ascii("content"));
            assertThat(hosts.dhts.get(0).provide(content, event -> {}).get(20, TimeUnit.SECONDS))
                    .isEqualTo(5);
            List<Provider> found = new ArrayList<>();
            hosts.dhts.get(5).findProviders(content, 1, found::add, event -> {}).get(20, TimeUnit.SECONDS);
            Host provider = hosts.hosts.get(0);
            assertThat(found).containsExactly(new Provider(provider.peerId(), provider.addresses()));

            assertThat(hosts.dhts.get(4).findPeer(hosts.hosts.get(1).peerId()).get(20, TimeUnit.SECONDS))
                    .isPresent();
            assertThat(hosts.dhts.get(4).closestPeers(content.bytes()).get(20, TimeUnit.SECONDS))
                    .hasSize(5);

            PublicKey key = hosts.hosts.get(2).publicKey();
            byte[] name = new byte[4 + key.peerId().bytes().length];
            System.arraycopy(Hosts.ascii("/pk/"), 0, name, 0, 4);
            System.arraycopy(key.peerId().bytes(), 0, name, 4, name.length - 4);
            assertThat(hosts.dhts.get(2).putValue(name, key.protobuf()).get(20, TimeUnit.SECONDS))
                    .isEqualTo(5);
            Optional<byte[]> value = hosts.dhts.get(5).getValue(name, 3).get(20, TimeUnit.SECONDS);
            assertThat(value).hasValue(key.protobuf());
            assertThat(hosts.dhts.get(5).getValue(Hosts.ascii("/pk/nobody"), 0).get(20, TimeUnit.SECONDS))
                    .isEmpty();
        }
    }

    @Test
    void coldNode_asksAtOnce_waitsForItsFirstServer() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host one = hosts.host();
            Host other = hosts.host();
            Dht first = hosts.dht(one, Hosts.OPTIONS);
            Dht second = hosts.dht(other, Hosts.OPTIONS);
            Hosts.connect(one, other);
            Hosts.await("known", () -> Hosts.known(first) == 1 && Hosts.known(second) == 1);
            Multihash content = HashFunction.SHA2_256.digest(Hosts.ascii("content"));
            first.provide(content, event -> {}).get(20, TimeUnit.SECONDS);

            Multiaddr bootstrap = other.addresses().get(0).withPeerId(other.peerId());
            Dht cold = hosts.dht(hosts.host(), Hosts.OPTIONS.withBootstrap(List.of(bootstrap)));
            List<Provider> found = new ArrayList<>();
            cold.findProviders(content, 1, found::add, event -> {}).get(20, TimeUnit.SECONDS);
            assertThat(found).extracting(Provider::peer).containsExactly(one.peerId());

            Dht alone = hosts.dht(hosts.host(), Hosts.OPTIONS);
            assertThat(alone.findPeer(one.peerId()).get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void announce_manyKeysOnOneStream_allArrive() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host one = hosts.host();
            Host other = hosts.host();
            Dht telling = hosts.dht(one, Hosts.OPTIONS);
            Dht told = hosts.dht(other, Hosts.OPTIONS);
            Hosts.connect(one, other);
            Hosts.await("known", () -> Hosts.known(telling) == 1 && Hosts.known(told) == 1);
            List<Multihash> keys = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                keys.add(HashFunction.SHA2_256.digest(Hosts.ascii("key " + i)));
            }
            telling.announce(new Provider(other.peerId(), other.addresses()), keys)
                    .get(20, TimeUnit.SECONDS);
            Hosts.await("stored", () -> told.eventCounts().get("lan providers-stored") == 500);
            List<Provider> found = new ArrayList<>();
            told.findProviders(keys.get(499), 1, found::add, event -> {}).get(20, TimeUnit.SECONDS);
            assertThat(found).hasSize(1);
        }
    }

    @Test
    void client_announcesNoProtocolAndIsInNoTable() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host server = hosts.host();
            Host client = hosts.host();
            Dht serving = hosts.dht(server, Hosts.OPTIONS);
            Dht asking = hosts.dht(client, Hosts.OPTIONS.withMode(DhtMode.CLIENT));
            Hosts.connect(client, server);
            Hosts.await("server known", () -> Hosts.known(asking) == 1);
            assertThat(client.protocols()).doesNotContain(Dht.LAN_PROTOCOL, Dht.WAN_PROTOCOL);
            assertThat(server.protocols()).contains(Dht.LAN_PROTOCOL).doesNotContain(Dht.WAN_PROTOCOL);
            assertThat(Hosts.known(serving)).isZero();
            asking.provide(HashFunction.SHA2_256.digest(Hosts.ascii("x")), event -> {})
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutLoopbackOption_noNetworkOnLoopback() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host one = hosts.host();
            Host other = hosts.host();
            Dht left = hosts.dht(one, DhtOptions.DEFAULT.withMode(DhtMode.SERVER));
            hosts.dht(other, DhtOptions.DEFAULT.withMode(DhtMode.SERVER));
            Hosts.connect(one, other);
            one.connections(other.peerId()).get(0).identified().get(10, TimeUnit.SECONDS);
            assertThat(left.tables().join()).allMatch(table -> table.rows().isEmpty() && table.serving());
        }
    }

    @Test
    void restart_recallsTableAndRecords() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Map<String, Datastore> disks = new HashMap<>();
            DhtOptions kept =
                    Hosts.OPTIONS.withDatastores(name -> disks.computeIfAbsent(name, each -> new MemoryDatastore()));
            Host one = hosts.host();
            Host other = hosts.host();
            hosts.dht(other, Hosts.OPTIONS);
            Dht first = Dht.start(one, kept);
            Hosts.connect(one, other);
            Hosts.await("known", () -> Hosts.known(first) == 1);
            Multihash content = HashFunction.SHA2_256.digest(Hosts.ascii("content"));
            first.provide(content, event -> {}).get(20, TimeUnit.SECONDS);
            first.close();
            first.close();
            assertThat(first.findPeer(other.peerId())).isCompletedExceptionally();
            one.disconnect(other.peerId()).get(10, TimeUnit.SECONDS);

            Dht second = hosts.dht(one, kept);
            Hosts.await("recalled", () -> Hosts.known(second) == 1);
            List<Provider> found = new ArrayList<>();
            second.findProviders(content, 1, found::add, event -> {}).get(20, TimeUnit.SECONDS);
            assertThat(found).extracting(Provider::peer).containsExactly(one.peerId());
        }
    }

    @Test
    void strangers_malformedOversizeForged_resetAndCounted() throws Exception {
        try (Hosts hosts = new Hosts()) {
            Host server = hosts.host();
            Host stranger = hosts.host();
            Dht dht = hosts.dht(server, Hosts.OPTIONS);
            Hosts.connect(stranger, server);
            byte[] malformed = {3, 0x12, 0x7f, 0};
            byte[] oversize = Varint.encode(WireLimits.MAX_REQUEST_BYTES + 1);
            byte[] forged = MessageCodec.encodeDelimited(Message.addProvider(
                    new byte[] {1}, new PeerEntry(server.peerId(), List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1")))));
            byte[] longKey = MessageCodec.encodeDelimited(Message.getProviders(new byte[81]));
            for (byte[] bytes : List.of(malformed, oversize, forged, longKey)) {
                Stream stream = stranger.newStream(server.peerId(), List.of(Dht.LAN_PROTOCOL))
                        .get(10, TimeUnit.SECONDS);
                stream.write(Payload.of(bytes));
                assertThatThrownBy(() -> stream.read().get(10, TimeUnit.SECONDS))
                        .isNotNull();
            }
            Hosts.await(
                    "counted",
                    () -> dht.eventCounts().get("lan malformed-messages") == 2
                            && dht.eventCounts().get("lan foreign-providers-refused") == 1
                            && dht.eventCounts().get("lan empty-or-long-keys") == 1);

            List<Stream> open = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                stranger.newStream(server.peerId(), List.of(Dht.LAN_PROTOCOL)).thenAccept(open::add);
            }
            Hosts.await("refused", () -> dht.eventCounts().get("lan streams-refused") >= 24);

            Stream stillServed = open.get(0);
            stillServed.write(Payload.of(MessageCodec.encodeDelimited(
                    Message.findNode(server.peerId().bytes()))));
            byte[] answer = new StreamReader(stillServed).delimited(1 << 20).get(10, TimeUnit.SECONDS);
            assertThat(MessageCodec.decode(answer).closerPeers())
                    .contains(new PeerEntry(server.peerId(), server.addresses()));
        }
    }
}

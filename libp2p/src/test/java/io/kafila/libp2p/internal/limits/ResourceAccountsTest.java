package io.kafila.libp2p.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.Connection.Direction;
import io.kafila.libp2p.ResourceLimits;
import io.kafila.libp2p.ResourceLimits.Limit;
import io.kafila.libp2p.ResourceManager.Usage;
import io.kafila.multiformats.HashFunction;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceAccountsTest {
    private static final Multiaddr LOOPBACK = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final Multiaddr FAR = Multiaddr.parse("/ip4/203.0.113.7/tcp/4001");
    private static final Usage NOTHING = new Usage(0, 0, 0, 0, 0);

    private final ResourceLimits limits = new ResourceLimits(
            new Limit(4, 4, 6, 6, 1000),
            new Limit(2, 2, 3, 3, 500),
            new Limit(2, 1, 4, 4, 600),
            new Limit(0, 0, 5, 5, 700),
            Map.of("/one", new Limit(0, 0, 1, 1, 50)),
            new Limit(0, 0, 3, 3, 400),
            300,
            9,
            2);
    private final ResourceAccounts accounts = new ResourceAccounts(limits);

    private static PeerId peer(int n) {
        return PeerId.of(HashFunction.SHA2_256.digest(new byte[] {(byte) n}));
    }

    private ConnectionScope open(int peer) {
        ConnectionScope scope = accounts.openConnection(Direction.INBOUND, LOOPBACK);
        scope.setPeer(peer(peer));
        return scope;
    }

    @Test
    void openConnection_tooManyHandshakes_refusedUntilOneIsNamed() {
        ConnectionScope first = accounts.openConnection(Direction.INBOUND, LOOPBACK);
        accounts.openConnection(Direction.INBOUND, LOOPBACK);
        assertThatThrownBy(() -> accounts.openConnection(Direction.INBOUND, LOOPBACK))
                .isInstanceOf(ResourceLimitException.class)
                .hasMessage("resource limit: transient: 3 inbound connections, want at most 2");
        accounts.openConnection(Direction.OUTBOUND, LOOPBACK);

        first.setPeer(peer(1));

        assertThatCode(() -> accounts.openConnection(Direction.INBOUND, LOOPBACK))
                .doesNotThrowAnyException();
        assertThat(accounts.usage().get("transient")).isEqualTo(new Usage(3, 0, 0, 0, 1));
        assertThat(accounts.usage().get("system").connections()).isEqualTo(4);
        assertThat(accounts.usage().get("peer:" + peer(1)).connections()).isEqualTo(1);
    }

    @Test
    void openConnection_systemFull_refused() {
        open(1);
        open(1);
        open(2);
        open(2);
        assertThatThrownBy(() -> accounts.openConnection(Direction.INBOUND, LOOPBACK))
                .hasMessage("resource limit: system: 5 inbound connections, want at most 4");
    }

    @Test
    void setPeer_peerFull_refusedAndStaysPending() {
        open(1);
        open(1);
        ConnectionScope third = accounts.openConnection(Direction.INBOUND, LOOPBACK);
        assertThatThrownBy(() -> third.setPeer(peer(1)))
                .hasMessage("resource limit: peer:" + peer(1) + ": 3 inbound connections, want at most 2");
        assertThat(accounts.usage().get("transient").connections()).isEqualTo(1);

        third.close();

        assertThat(accounts.usage().get("transient")).isEqualTo(NOTHING);
        assertThat(accounts.usage().get("peers").refusals()).isEqualTo(1);
    }

    @Test
    void openConnection_manyFromOneAddress_refused() {
        ConnectionScope first = accounts.openConnection(Direction.INBOUND, FAR);
        first.setPeer(peer(1));
        accounts.openConnection(Direction.INBOUND, Multiaddr.parse("/ip4/203.0.113.7/tcp/9"))
                .setPeer(peer(2));
        assertThatThrownBy(() -> accounts.openConnection(Direction.INBOUND, FAR))
                .hasMessage("resource limit: address " + FAR + ": 3 inbound connections, want at most 2");
        assertThatCode(() -> accounts.openConnection(Direction.OUTBOUND, FAR)).doesNotThrowAnyException();
        assertThatCode(() -> accounts.openConnection(Direction.INBOUND, Multiaddr.parse("/ip4/203.0.113.8/tcp/1"))
                        .close())
                .doesNotThrowAnyException();
        assertThat(accounts.usage().get("addresses").refusals()).isEqualTo(1);

        first.close();

        assertThatCode(() -> accounts.openConnection(Direction.INBOUND, FAR)).doesNotThrowAnyException();
    }

    @Test
    void host_ipv6_countsByPrefix() {
        assertThat(RemoteAddresses.host(Multiaddr.parse("/ip6/2001:db8:0:12aa::1/tcp/1")))
                .isEqualTo(RemoteAddresses.host(Multiaddr.parse("/ip6/2001:db8:0:12bb::9/tcp/1")))
                .isNotEqualTo(RemoteAddresses.host(Multiaddr.parse("/ip6/2001:db8:0:13aa::1/tcp/1")));
        assertThat(RemoteAddresses.host(Multiaddr.parse("/ip6/::1/tcp/1"))).isNull();
        assertThat(RemoteAddresses.host(Multiaddr.parse("/dns4/example.com/tcp/1")))
                .isNull();
    }

    @Test
    void openStream_limits_connectionThenPending() {
        ConnectionScope connection = open(1);
        List<StreamScope> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            streams.add(connection.openStream(Direction.INBOUND));
        }
        assertThatThrownBy(() -> connection.openStream(Direction.INBOUND))
                .hasMessage("resource limit: connection: 4 inbound streams, want at most 3");
        ConnectionScope second = open(1);
        assertThatThrownBy(() -> second.openStream(Direction.INBOUND))
                .hasMessage("resource limit: transient: 4 inbound streams, want at most 3");
        streams.get(0).setProtocol("/x");
        second.openStream(Direction.INBOUND).setProtocol("/x");
        assertThatThrownBy(() -> second.openStream(Direction.INBOUND).setProtocol("/x"))
                .hasMessage("resource limit: peer:" + peer(1) + ": 5 inbound streams, want at most 4");

        assertThat(accounts.usage().get("protocol:/x").inboundStreams()).isEqualTo(2);
        assertThat(accounts.usage().get("connections").refusals()).isEqualTo(1);
    }

    @Test
    void setProtocol_protocolFull_refused() {
        ConnectionScope connection = open(1);
        StreamScope first = connection.openStream(Direction.OUTBOUND);
        first.setProtocol("/one");
        StreamScope second = connection.openStream(Direction.OUTBOUND);
        assertThatThrownBy(() -> second.setProtocol("/one"))
                .hasMessage("resource limit: protocol:/one: 2 outbound streams, want at most 1");
        second.close();
        first.close();
        assertThatCode(() -> connection.openStream(Direction.OUTBOUND).setProtocol("/one"))
                .doesNotThrowAnyException();
        assertThat(first.tryReserve(50)).isFalse();
    }

    @Test
    void tryReserve_anyAccountFull_entersNothing() {
        ConnectionScope connection = open(1);
        StreamScope stream = connection.openStream(Direction.INBOUND);
        stream.setProtocol("/x");

        assertThat(stream.tryReserve(301)).isFalse();
        assertThat(stream.tryReserve(300)).isTrue();
        assertThat(connection.tryReserve(101)).isFalse();
        assertThat(connection.tryReserve(100)).isTrue();
        ConnectionScope second = open(1);
        assertThat(second.tryReserve(201)).isFalse();
        assertThat(second.tryReserve(200)).isTrue();
        assertThat(open(2).tryReserve(400)).isTrue();
        ConnectionScope last = open(3);
        assertThat(last.tryReserve(1)).isFalse();
        assertThat(last.tryReserve(Long.MAX_VALUE)).isFalse();

        Map<String, Usage> usage = accounts.usage();
        assertThat(usage.get("system")).isEqualTo(new Usage(4, 1, 0, 1000, 1));
        assertThat(usage.get("peer:" + peer(1)).memoryBytes()).isEqualTo(600);
        assertThat(usage.get("protocol:/x").memoryBytes()).isEqualTo(300);
        assertThat(usage.get("streams").refusals()).isEqualTo(1);
        stream.release(300);
        assertThat(last.tryReserve(300)).isTrue();
    }

    @Test
    void release_moreThanReserved_isTheCallersFault() {
        ConnectionScope connection = open(1);
        connection.tryReserve(5);
        assertThatThrownBy(() -> connection.release(6)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> connection.tryReserve(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void close_connection_givesAllBackOnce() {
        ConnectionScope connection = open(1);
        connection.tryReserve(10);
        StreamScope stream = connection.openStream(Direction.INBOUND);
        stream.setProtocol("/x");
        stream.tryReserve(20);
        connection.openStream(Direction.OUTBOUND).tryReserve(30);

        connection.close();
        connection.close();
        stream.close();
        stream.release(20);

        assertThat(connection.tryReserve(1)).isFalse();
        assertThatThrownBy(() -> connection.openStream(Direction.INBOUND)).isInstanceOf(IllegalStateException.class);
        Map<String, Usage> usage = accounts.usage();
        assertThat(usage).doesNotContainKey("peer:" + peer(1));
        assertThat(usage.values()).allMatch(NOTHING::equals);
    }

    @Test
    void anyHistory_endsWithEmptyAccounts() {
        Seed.each(50, random -> {
            ResourceAccounts some = new ResourceAccounts(limits);
            List<ConnectionScope> connections = new ArrayList<>();
            List<StreamScope> streams = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                try {
                    switch (random.nextInt(6)) {
                        case 0 -> {
                            ConnectionScope scope = some.openConnection(
                                    Direction.values()[random.nextInt(2)], random.nextBoolean() ? FAR : LOOPBACK);
                            connections.add(scope);
                            scope.setPeer(peer(random.nextInt(3)));
                        }
                        case 1 -> {
                            StreamScope scope = connections
                                    .get(random.nextInt(connections.size()))
                                    .openStream(Direction.values()[random.nextInt(2)]);
                            streams.add(scope);
                            scope.tryReserve(random.nextInt(50));
                            scope.setProtocol(random.nextBoolean() ? "/one" : "/x");
                        }
                        case 2 -> streams.get(random.nextInt(streams.size())).tryReserve(random.nextInt(200));
                        case 3 ->
                            connections.get(random.nextInt(connections.size())).tryReserve(random.nextInt(200));
                        case 4 -> streams.get(random.nextInt(streams.size())).close();
                        default -> {
                            if (random.nextInt(4) == 0) {
                                connections
                                        .get(random.nextInt(connections.size()))
                                        .close();
                            }
                        }
                    }
                } catch (ResourceLimitException | IllegalStateException | IllegalArgumentException e) {
                    assertThat(e.getMessage()).isNotNull();
                }
                Usage system = some.usage().get("system");
                assertThat(system.memoryBytes()).isBetween(0L, 1000L);
                assertThat(system.connections()).isBetween(0, 8);
            }
            connections.forEach(ConnectionScope::close);
            assertThat(some.usage().values())
                    .allSatisfy(usage -> assertThat(new Usage(
                                    usage.connections(),
                                    usage.inboundStreams(),
                                    usage.outboundStreams(),
                                    usage.memoryBytes(),
                                    0))
                            .isEqualTo(NOTHING));
        });
    }

    @Test
    void defaults_scale_withTheBudget() {
        ResourceLimits defaults = ResourceLimits.defaults();
        assertThat(defaults.system().memoryBytes()).isEqualTo(96L << 20);
        assertThat(defaults.peer().memoryBytes()).isEqualTo(64L << 20);
        assertThat(defaults.streamMemoryBytes()).isEqualTo(17L << 20);
        assertThat(defaults.peer().inboundStreams()).isEqualTo(512);
        assertThat(ResourceLimits.scaledTo(64L << 20).system().memoryBytes()).isEqualTo(48L << 20);
        assertThat(ResourceLimits.scaledTo(16L << 20).streamMemoryBytes()).isEqualTo(4L << 20);
        assertThatThrownBy(() -> ResourceLimits.scaledTo(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limit(0, 0, 0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void openStream_ofAPeerWithManyPending_refusedOverAllItsConnections() {
        ResourceAccounts shared = new ResourceAccounts(new ResourceLimits(
                limits.system(),
                limits.pending(),
                limits.peer(),
                limits.protocol(),
                Map.of(),
                limits.connection(),
                300,
                2,
                8));
        ConnectionScope first = shared.openConnection(Direction.INBOUND, LOOPBACK);
        first.setPeer(peer(1));
        ConnectionScope second = shared.openConnection(Direction.INBOUND, LOOPBACK);
        second.setPeer(peer(1));
        StreamScope named = first.openStream(Direction.INBOUND);
        StreamScope dropped = second.openStream(Direction.INBOUND);
        assertThatThrownBy(() -> second.openStream(Direction.INBOUND))
                .isInstanceOf(ResourceLimitException.class)
                .hasMessage("resource limit: transient of peer:" + peer(1) + ": 3 inbound streams, want at most 2");
        assertThat(shared.usage().get("peers").refusals()).isEqualTo(1);

        ConnectionScope other = shared.openConnection(Direction.INBOUND, LOOPBACK);
        other.setPeer(peer(2));
        other.openStream(Direction.INBOUND).close();

        named.setProtocol("/two");
        second.openStream(Direction.INBOUND).close();
        dropped.close();
        second.openStream(Direction.INBOUND);
        first.close();
        second.close();
        other.close();
        assertThat(shared.usage().get("transient")).isEqualTo(NOTHING);
        assertThat(shared.usage().get("peers").refusals()).isEqualTo(1);
    }
}

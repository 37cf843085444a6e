package io.kafila.libp2p;

import static io.kafila.libp2p.StreamContract.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.libp2p.internal.security.LeakWatch;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Seed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostTest {
    private static final List<Multiaddr> TCP = List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    private static final List<Multiaddr> MEMORY = List.of(Multiaddr.parse("/memory/0"));

    private final List<Host> hosts = new ArrayList<>();
    private EventLoops loops;

    @BeforeEach
    void start() {
        loops = EventLoops.create(2);
    }

    @AfterEach
    void stop() {
        hosts.forEach(Host::close);
        loops.close();
    }

    @Test
    void identify_bothSidesLearnOfEachOther() throws Exception {
        Host server = host(builder().agentVersion("kafila/1.2.3").listen(TCP));
        Host client = host(builder().agentVersion("kafila/4.5.6").listen(TCP));
        server.handle("/test/1", Stream::close);
        IdentifyInfo info =
                get(get(client.connect(server.peerId(), server.addresses())).identified());
        assertThat(info.agentVersion()).isEqualTo("kafila/1.2.3");
        assertThat(info.protocols()).contains("/test/1", "/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0");
        assertThat(info.listenAddresses()).isEqualTo(server.addresses());
        assertThat(info.observedAddresses()).hasSize(1);
        IdentifyInfo other = get(server.connections(client.peerId()).get(0).identified());
        assertThat(other.agentVersion()).isEqualTo("kafila/4.5.6");
        assertThat(server.peerstore().addresses(client.peerId())).isEqualTo(client.addresses());
        assertThat(client.peerstore().info(server.peerId())).contains(info);
    }

    @Test
    void identifyRequests_beyondTheRate_areResetAndCounted() throws Exception {
        Host server = host(builder().listen(MEMORY));
        Host client = host(builder());
        Connection connection = get(client.connect(server.peerId(), server.addresses()));
        get(connection.identified());
        int answered = 0;
        for (int i = 0; i < 40; i++) {
            Stream stream = get(connection.newStream(List.of("/ipfs/id/1.0.0")));
            CompletableFuture<byte[]> message = new StreamReader(stream).delimited(8192);
            answered += get(message.handle((bytes, reset) -> bytes == null ? 0 : 1));
        }
        assertThat(answered).isBetween(10, 20);
        assertThat(server.eventCounts().get("identify:limited")).isBetween(20L, 30L);
        assertThat(get(client.ping(server.peerId()))).isPositive();
    }

    /**
     * At every stage of a handshake: what was accepted just now is closed with the host, and nothing is left of it. Sockets
     * only: Netty's local channel forgets what one end hands over while the loop of the other end terminates.
     */
    @Test
    void close_whileConnectionsArrive_leavesNothing() throws Exception {
        Random random = new Seed(5).random();
        try (LeakWatch leaks = new LeakWatch()) {
            for (int round = 0; round < 40; round++) {
                Host server = new HostBuilder(key())
                        .listen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                        .start();
                Host client = new HostBuilder(key()).start();
                List<CompletableFuture<Connection>> attempts = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    attempts.add(client.connect(server.peerId(), server.addresses()));
                }
                LockSupport.parkNanos(random.nextInt(30_000_000));
                server.close();
                client.close();
                for (CompletableFuture<Connection> attempt : attempts) {
                    get(attempt.handle((connection, failure) -> 0));
                }
            }
        }
    }

    @Test
    void close_ofASharedLoopsHost_closesWhatIsInItsHandshake() throws Exception {
        Host server = host(builder().listen(TCP));
        InetSocketAddress address = server.listenAddresses().get(0).tcpAddress().orElseThrow();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(5_000); // far below the deadline of a handshake
            while (server.resources().usage().get("transient").connections() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            server.close();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void newProtocol_isPushed() throws Exception {
        Host server = host(builder().listen(MEMORY));
        Host client = host(builder());
        get(get(client.connect(server.peerId(), server.addresses())).identified());
        get(server.connections(client.peerId()).get(0).identified());
        CompletableFuture<IdentifyInfo> pushed = new CompletableFuture<>();
        client.addListener(new ConnectionListener() {
            @Override
            public void onIdentified(Connection connection, IdentifyInfo info) {
                if (info.protocols().contains("/test/new/1")) {
                    pushed.complete(info);
                }
            }
        });
        server.handle("/test/new/1", Stream::close);
        assertThat(get(pushed).protocols()).contains("/test/new/1");
    }

    @Test
    void connect_calledOftenAtOnce_sharesOneAttempt() throws Exception {
        Host server = host(builder().listen(TCP));
        Host client = host(builder());
        List<CompletableFuture<Connection>> attempts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            attempts.add(client.connect(server.peerId(), server.addresses()));
        }
        Connection first = get(attempts.get(0));
        for (CompletableFuture<Connection> attempt : attempts) {
            assertThat(get(attempt)).isSameAs(first);
        }
        assertThat(client.connections()).containsExactly(first);
    }

    @Test
    void connect_nobodyThere_namesEveryAddressAndItsAnswer() throws Exception {
        Host client = host(builder());
        PeerId peer = key().peerId();
        Multiaddr closed = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + freePort());
        Multiaddr unknown = Multiaddr.parse("/ip4/127.0.0.1/udp/4001/quic-v1");
        Multiaddr other = TCP.get(0).withPeerId(key().peerId());
        assertThatThrownBy(() -> get(client.connect(peer, List.of(closed, unknown, other))))
                .cause()
                .isInstanceOf(DialException.class)
                .hasMessageStartingWith("failed to dial " + peer + ": all dials failed")
                .hasMessageContaining("[" + closed + "] ")
                .hasMessageContaining("dial tcp4 127.0.0.1:")
                .hasMessageContaining(": connect: connection refused")
                .hasMessageContaining("[" + unknown + "] no transport for it")
                .hasMessageContaining("address of another peer");
    }

    @Test
    void connect_noAddresses_says() {
        PeerId peer = key().peerId();
        assertThatThrownBy(() -> get(host(builder()).connect(peer, List.of())))
                .hasRootCauseMessage("failed to dial " + peer + ": no addresses");
    }

    @Test
    void connect_toItself_isRefused() {
        Host host = host(builder().listen(TCP));
        assertThatThrownBy(() -> get(host.connect(host.peerId(), host.addresses())))
                .hasRootCauseMessage("failed to dial " + host.peerId() + ": it is this host itself");
    }

    @Test
    void connect_anotherPeerAnswers_fails() throws Exception {
        Host server = host(builder().listen(TCP));
        Host client = host(builder());
        PeerId wanted = key().peerId();
        assertThatThrownBy(() -> get(client.connect(wanted, server.addresses())))
                .cause()
                .isInstanceOf(DialException.class)
                .hasMessageContaining(server.peerId().toString());
        assertThat(client.connections()).isEmpty();
        assertThat(client.resources().usage().get("system").connections()).isZero();
    }

    @Test
    void connect_oneAddressSilent_anotherWins() throws Exception {
        Host server = host(builder().listen(TCP));
        Host client = host(builder());
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Multiaddr> both = new ArrayList<>(server.addresses());
            both.add(0, Multiaddr.tcp(new InetSocketAddress("127.0.0.1", silent.getLocalPort())));
            Connection connection = get(client.connect(server.peerId(), both));
            assertThat(connection.remoteAddress()).isEqualTo(server.addresses().get(0));
        }
    }

    @Test
    void deniedPeer_isNeitherDialedNorAccepted() throws Exception {
        Host server = host(builder().listen(TCP));
        Host client = host(builder());
        client.connectionFilter().denyPeer(server.peerId());
        assertThatThrownBy(() -> get(client.connect(server.peerId(), server.addresses())))
                .hasRootCauseMessage("failed to dial " + server.peerId() + ": denied by the connection filter");
        client.connectionFilter().undenyPeer(server.peerId());
        server.connectionFilter().denyPeer(client.peerId());
        CountDownLatch gone = new CountDownLatch(1);
        client.addListener(new ConnectionListener() {
            @Override
            public void onDisconnected(Connection connection) {
                gone.countDown();
            }
        });
        CompletableFuture<Connection> attempt = client.connect(server.peerId(), server.addresses());
        boolean connected = attempt.handle((connection, cause) -> cause == null).get(10, TimeUnit.SECONDS);
        assertThat(!connected || gone.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.connections()).isEmpty();
        assertThat(server.eventCounts()).containsEntry("connection:refused", 1L);
    }

    @Test
    void deniedAddress_isNotDialed() {
        Host client = host(builder().addressFilters(List.of(Multiaddr.parse("/ip4/127.0.0.0/ipcidr/8"))));
        assertThatThrownBy(
                        () -> get(client.connect(key().peerId(), List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")))))
                .cause()
                .hasMessageContaining("[/ip4/127.0.0.1/tcp/4001] denied by the connection filter");
    }

    @Test
    void bothDial_bothConnectionsStay_newStreamsUseTheOldest() throws Exception {
        Host left = host(builder().listen(TCP));
        Host right = host(builder().listen(TCP));
        get(left.connect(right.peerId(), right.addresses()));
        Connection reached = get(left.connect(right.peerId(), right.addresses()));
        assertThat(left.connections()).containsExactly(reached);
        Stream stream = get(left.newStream(right.peerId(), List.of("/ipfs/ping/1.0.0")));
        assertThat(stream.connection()).isSameAs(reached);
        stream.close();
    }

    @Test
    void watermarks_trimTheLeastValued_notTheProtected() throws Exception {
        Host hub = host(builder().listen(MEMORY).watermarks(2, 4, Duration.ZERO));
        BlockingQueue<PeerId> closed = new LinkedBlockingQueue<>();
        hub.addListener(new ConnectionListener() {
            @Override
            public void onDisconnected(Connection connection) {
                closed.add(connection.remotePeer());
            }
        });
        List<Host> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Host client = host(builder());
            clients.add(client);
            if (i == 0) {
                hub.connectionManager().protect(client.peerId(), "test");
            } else {
                hub.connectionManager().tag(client.peerId(), "test", 10 * i);
            }
            get(client.connect(hub.peerId(), hub.addresses()));
        }
        List<PeerId> gone = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            gone.add(closed.poll(10, TimeUnit.SECONDS));
        }
        assertThat(gone)
                .containsExactlyInAnyOrder(
                        clients.get(1).peerId(),
                        clients.get(2).peerId(),
                        clients.get(3).peerId());
        assertThat(hub.connections()).hasSize(2);
        assertThat(hub.eventCounts()).containsEntry("connection:trimmed", 3L);
    }

    @Test
    void start_addressTaken_closesWhatWasOpened() throws Exception {
        Host first = host(builder().listen(TCP));
        int free = freePort();
        Multiaddr other = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + free);
        assertThatThrownBy(() -> builder()
                        .listen(List.of(other, first.addresses().get(0)))
                        .start())
                .isInstanceOf(Libp2pException.class)
                .hasMessageStartingWith("cannot listen on " + first.addresses().get(0) + ": ")
                .hasMessageContaining("ddress already in use");
        try (ServerSocket reused = new ServerSocket(free, 1, InetAddress.getLoopbackAddress())) {
            assertThat(reused.isBound()).isTrue();
        }
    }

    @Test
    void close_endsOwnThreads_andIsIdempotent() {
        Host host = new HostBuilder(key()).listen(TCP).ioThreads(1).start();
        host.close();
        host.close();
        assertThat(host.connections()).isEmpty();
        PeerId peer = key().peerId();
        assertThatThrownBy(() -> get(host.connect(peer, TCP)))
                .hasRootCauseMessage("failed to dial " + peer + ": the host is closed");
    }

    @Test
    void announce_settingsReplaceAddAndRemove() {
        Multiaddr instead = Multiaddr.parse("/ip4/203.0.113.7/tcp/4001");
        Multiaddr besides = Multiaddr.parse("/dns4/example.org/tcp/4001");
        Multiaddr hidden = Multiaddr.parse("/ip4/10.1.2.3/tcp/4001");
        Host host = host(builder()
                .listen(TCP)
                .announce(List.of(instead, hidden))
                .appendAnnounce(List.of(besides))
                .noAnnounce(List.of(Multiaddr.parse("/ip4/10.0.0.0/ipcidr/8"))));
        assertThat(host.addresses()).containsExactly(instead, besides);
        assertThat(host.listenAddresses()).hasSize(1);
    }

    @Test
    void listen_onWildcard_announcesRealAddresses() {
        Host host = host(builder().listen(List.of(Multiaddr.parse("/ip4/0.0.0.0/tcp/0"))));
        assertThat(host.listenAddresses().get(0).toString()).startsWith("/ip4/0.0.0.0/tcp/");
        assertThat(host.addresses())
                .isNotEmpty()
                .noneMatch(address -> address.toString().contains("0.0.0.0"));
    }

    @Test
    void listen_onBothWildcards_sharesThePort() throws Exception {
        int port = freePort();
        Host host = host(builder()
                .listen(List.of(Multiaddr.parse("/ip4/0.0.0.0/tcp/" + port), Multiaddr.parse("/ip6/::/tcp/" + port))));
        assertThat(host.listenAddresses())
                .containsExactly(Multiaddr.parse("/ip4/0.0.0.0/tcp/" + port), Multiaddr.parse("/ip6/::/tcp/" + port));
    }

    @Test
    void ping_peerMayHoldTwoStreamsOnly() throws Exception {
        Host server = host(builder().listen(MEMORY));
        Host client = host(builder());
        get(client.connect(server.peerId(), server.addresses()));
        List<Stream> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(get(client.newStream(server.peerId(), List.of("/ipfs/ping/1.0.0"))));
        }
        assertThatThrownBy(() -> get(open.get(2).read())).hasRootCauseInstanceOf(StreamException.class);
        open.forEach(Stream::close);
    }

    @Test
    void rubbishOnThePort_isDroppedAndTheHostServesOn() throws Exception {
        Host server = host(builder().listen(TCP));
        Random random = new Random(7);
        InetSocketAddress address = server.addresses().get(0).tcpAddress().orElseThrow();
        for (int i = 0; i < 30; i++) {
            byte[] rubbish = new byte[1 + random.nextInt(3000)];
            random.nextBytes(rubbish);
            if (i % 3 == 0) {
                byte[] head = "\023/multistream/1.0.0\n\007/noise\n".getBytes();
                System.arraycopy(head, 0, rubbish, 0, Math.min(head.length, rubbish.length));
            }
            sendAndWaitForTheEnd(address, rubbish);
        }
        Host client = host(builder());
        get(client.connect(server.peerId(), server.addresses()));
        assertThat(get(client.ping(server.peerId()))).isPositive();
        get(client.disconnect(server.peerId()));
        assertThat(server.eventCounts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isGreaterThan(20);
    }

    /** Half-closes after the bytes, so that a host that still waits for more learns that none will come. */
    private static void sendAndWaitForTheEnd(InetSocketAddress address, byte[] bytes) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(10_000);
            socket.connect(address);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe|aborted).*");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Host host(HostBuilder builder) {
        Host host = builder.start();
        hosts.add(host);
        return host;
    }

    private HostBuilder builder() {
        return new HostBuilder(key()).eventLoops(loops);
    }

    private static PrivateKey key() {
        return PrivateKey.generate(KeyType.ED25519, new SecureRandom());
    }
}

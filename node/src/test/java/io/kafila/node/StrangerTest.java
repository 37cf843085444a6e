package io.kafila.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kafila.libp2p.Connection;
import io.kafila.libp2p.Host;
import io.kafila.libp2p.HostBuilder;
import io.kafila.libp2p.ResourceLimits;
import io.kafila.libp2p.ResourceManager;
import io.kafila.libp2p.Stream;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.Varint;
import io.kafila.testkit.Seed;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * A node on loopback at the mercy of strangers. After each of them nothing is held that was not held before, something was
 * counted, and the node serves a file to a peer that it has and to one that is new.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
class StrangerTest {
    private static final int FILE_BYTES = 512 * 1024;
    private static final int PENDING_OF_ONE_PEER = ResourceLimits.defaults().pendingStreamsPerPeer();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What a node and its peers may hold on to between two attacks: unread tails and queues of the good peers. */
    private static final long SLACK_BYTES = 2 * 1024 * 1024;

    private final byte[] content = new Seed(8).bytes(FILE_BYTES);
    private final Logger leakLog = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    private final ListAppender<ILoggingEvent> leaks = new ListAppender<>();
    private EventLoopGroup group;
    private KafilaNode node;
    private KafilaNode friend;
    private InetSocketAddress address;
    private Cid file;
    private long heldBefore;
    private long eventsBefore;

    @BeforeAll
    void start() throws Exception {
        leaks.start();
        leakLog.addAppender(leaks);
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        node = KafilaNode.builder().start();
        file = node.files().add(new ByteArrayInputStream(content)).get(10, TimeUnit.SECONDS);
        Multiaddr listening = node.swarm().host().listenAddresses().get(0);
        address = listening.tcpAddress().orElseThrow();
        friend = KafilaNode.builder().start();
        friend.swarm().connect(node.swarm().addresses()).get(10, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        friend.close();
        node.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        // Buffers that were forgotten are told of when others are allocated after a collection.
        for (int round = 0; round < 3; round++) {
            System.gc();
            for (int i = 0; i < 200; i++) {
                PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
            }
        }
        leakLog.detachAppender(leaks);
        assertThat(leaks.list).as("leaks").isEmpty();
    }

    @BeforeEach
    void remember() {
        onlyTheFriendIsLeft();
        heldBefore = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
        eventsBefore = events();
    }

    @AfterEach
    void stillServes() throws Exception {
        onlyTheFriendIsLeft();
        eventually(
                "direct memory is given back",
                () -> PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() <= heldBefore + SLACK_BYTES);
        try (KafilaNode stranger = KafilaNode.builder().start()) {
            stranger.swarm().connect(node.swarm().addresses()).get(10, TimeUnit.SECONDS);
            read(stranger);
        }
        onlyTheFriendIsLeft();
    }

    private void onlyTheFriendIsLeft() {
        eventually("connections and streams are given back", () -> {
            ResourceManager.Usage system = usage("system");
            ResourceManager.Usage pending = usage("transient");
            return system.connections() == 1
                    && node.swarm().connections().size() == 1
                    && pending.connections() == 0
                    && pending.inboundStreams() == 0
                    && system.inboundStreams() <= 2;
        });
    }

    private void read(KafilaNode reader) throws Exception {
        try (SeekableByteChannel channel = reader.files().open(file).get(10, TimeUnit.SECONDS)) {
            ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            assertThat(bytes.array()).isEqualTo(content);
        }
    }

    private ResourceManager.Usage usage(String scope) {
        return node.swarm().host().resources().usage().get(scope);
    }

    private long count(String event) {
        return node.swarm().host().eventCounts().getOrDefault(event, 0L);
    }

    private long events() {
        return node.swarm().host().eventCounts().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 10 s: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    // before the handshake

    private Socket dial() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends bytes and reads until the node closes; answers what it said. */
    private byte[] closedAfter(byte[] bytes) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Socket socket = dial()) {
            try {
                socket.getOutputStream().write(bytes);
                socket.getInputStream().transferTo(said);
            } catch (java.net.SocketException reset) {
                return said.toByteArray(); // closed with bytes of ours unread
            }
        }
        return said.toByteArray();
    }

    @Test
    void rubbish_beforeMultistream_isClosedAndCounted() throws Exception {
        for (int seed = 0; seed < 24; seed++) {
            closedAfter(new Seed(seed).bytes(4096));
        }
        byte[] endless = new byte[64];
        Arrays.fill(endless, (byte) 0xff);
        closedAfter(endless);
        closedAfter(new byte[] {(byte) 0x81, 0x08}); // 1025
        closedAfter("GET /api/v0/id HTTP/1.1\r\nHost: localhost\r\nUser-Agent: something that is long enough\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(events()).isGreaterThanOrEqualTo(eventsBefore + 27);
    }

    @Test
    void endlessProposals_areClosedAfterABound() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(RawPeer.token("/multistream/1.0.0"));
        for (int i = 0; i < 1000; i++) {
            bytes.writeBytes(RawPeer.token(i % 2 == 0 ? "ls" : "/nothing/" + i));
        }
        assertThat(closedAfter(bytes.toByteArray()).length).isLessThan(8 * 1024);
        assertThat(events()).isGreaterThan(eventsBefore);
    }

    @ParameterizedTest
    @ValueSource(strings = {HostBuilder.TLS, HostBuilder.NOISE})
    void rubbish_asHandshake_isClosedAndCounted(String security) throws Exception {
        byte[] agreed = RawPeer.proposal(security);
        for (int seed = 0; seed < 16; seed++) {
            byte[] noise = new Seed(seed).bytes(70_000);
            closedAfter(RawPeer.concat(agreed, noise));
        }
        closedAfter(RawPeer.concat(agreed, new byte[] {(byte) 0xff, (byte) 0xff}, new byte[100]));
        byte[] record = {22, 3, 1, 0x40, 1}; // a handshake record of more than 16 KiB
        closedAfter(RawPeer.concat(agreed, record, new Seed(1).bytes(0x4001)));
        assertThat(events()).isGreaterThanOrEqualTo(eventsBefore + 18);
    }

    @Test
    void halfOpenConnections_areBounded_andTheFriendIsServed() throws Exception {
        long refused = count("connection:refused");
        List<Socket> flood = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                flood.add(dial());
            }
            eventually("the flood is refused beyond the bound", () -> count("connection:refused") > refused);
            assertThat(usage("transient").connections()).isLessThanOrEqualTo(128);
            read(friend);
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    // behind a good handshake

    private RawPeer raw(String security) throws Exception {
        return RawPeer.connect(group, address, security);
    }

    @ParameterizedTest
    @ValueSource(strings = {HostBuilder.TLS, HostBuilder.NOISE})
    void rubbish_asYamux_isClosedAndCounted(String security) throws Exception {
        byte[][] openings = {
            new Seed(1).bytes(5000),
            {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, // version 1
            {0, 9, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, // type 9
            RawPeer.frame(RawPeer.DATA, 0, 77, 5), // never opened
            RawPeer.frame(RawPeer.DATA, RawPeer.SYN, 2, 5), // ours to open
            RawPeer.frame(RawPeer.DATA, RawPeer.SYN, 0, 5),
            RawPeer.frame(RawPeer.DATA, RawPeer.SYN, 1, 256 * 1024 + 1), // beyond the window
            RawPeer.frame(RawPeer.DATA, RawPeer.SYN, 1, -1),
            RawPeer.frame(RawPeer.WINDOW_UPDATE, RawPeer.SYN, 1, -1), // beyond 32 bits
            RawPeer.concat(
                    RawPeer.frame(RawPeer.WINDOW_UPDATE, RawPeer.SYN, 1, 0),
                    RawPeer.frame(RawPeer.WINDOW_UPDATE, RawPeer.SYN, 1, 0)),
            RawPeer.concat(
                    RawPeer.data(RawPeer.SYN | RawPeer.FIN, 1, RawPeer.proposal("/ipfs/ping/1.0.0")),
                    RawPeer.data(0, 1, new byte[5])),
        };
        for (byte[] opening : openings) {
            long before = events();
            try (RawPeer peer = raw(security)) {
                peer.send(opening);
                assertThat(peer.awaitClosed()).as(Arrays.toString(opening)).isTrue();
            }
            assertThat(events()).as(Arrays.toString(opening)).isGreaterThan(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HostBuilder.TLS, HostBuilder.NOISE})
    void streamsWithoutEnd_areRefusedBeyondTheLimit(String security) throws Exception {
        long refusals = usage("peers").refusals();
        long counted = count("stream:refused");
        try (RawPeer peer = raw(security)) {
            ByteArrayOutputStream opening = new ByteArrayOutputStream();
            for (int i = 0; i < 1000; i++) {
                opening.writeBytes(RawPeer.frame(RawPeer.WINDOW_UPDATE, RawPeer.SYN, 2 * i + 1, 0));
            }
            peer.send(opening.toByteArray());
            eventually("streams are refused", () -> usage("peers").refusals() >= refusals + 800);
            assertThat(count("stream:refused")).isGreaterThanOrEqualTo(counted + 800);
            assertThat(usage("transient").inboundStreams()).isLessThanOrEqualTo(PENDING_OF_ONE_PEER);
            // Another peer finds room at the same time.
            try (Host other = host()) {
                Stream ping = stream(connect(other), "/ipfs/ping/1.0.0");
                write(ping, new byte[32]);
                ping.closeWrite();
                assertThat(drain(ping)).isEqualTo(32);
            }
            read(friend);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HostBuilder.TLS, HostBuilder.NOISE})
    void streamsOfRubbish_withoutReadingTheResets_areBounded(String security) throws Exception {
        try (RawPeer peer = raw(security).stopReading()) {
            ByteArrayOutputStream turn = new ByteArrayOutputStream();
            int stream = 1;
            boolean taken = true;
            for (int rounds = 0; taken && rounds < 2000; rounds++) {
                turn.reset();
                for (int i = 0; i < 200; i++, stream += 2) {
                    turn.writeBytes(RawPeer.data(RawPeer.SYN, stream, new byte[] {0}));
                }
                taken = peer.sendAll(turn.toByteArray(), 5000);
            }
            peer.readAgain();
            assertThat(peer.awaitClosed()).isTrue();
        }
        assertThat(count("yamux:control_flood")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {HostBuilder.TLS, HostBuilder.NOISE})
    void pingsOfTheMuxer_withoutReadingThePongs_areBounded(String security) throws Exception {
        long before = count("yamux:control_flood");
        try (RawPeer peer = raw(security).stopReading()) {
            ByteArrayOutputStream turn = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                turn.writeBytes(RawPeer.frame(RawPeer.PING, RawPeer.SYN, 0, i));
            }
            boolean taken = true;
            for (int rounds = 0; taken && rounds < 5000; rounds++) {
                taken = peer.sendAll(turn.toByteArray(), 5000);
            }
            peer.readAgain();
            assertThat(peer.awaitClosed()).isTrue();
        }
        assertThat(count("yamux:control_flood")).isGreaterThan(before);
    }

    @Test
    void blocksThatNobodyReads_areHeldWithinTheBudget() throws Exception {
        List<RawPeer> peers = new ArrayList<>();
        try {
            for (int p = 0; p < 4; p++) {
                RawPeer peer = raw(HostBuilder.NOISE).stopReading();
                peers.add(peer);
                for (int i = 0; i < 40; i++) {
                    peer.send(RawPeer.data(
                            RawPeer.SYN,
                            2 * i + 1,
                            RawPeer.concat(RawPeer.proposal("/ipfs/bitswap/1.2.0"), message(want(file, i)))));
                }
            }
            read(friend);
            assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - heldBefore)
                    .isLessThan(128L * 1024 * 1024);
        } finally {
            peers.forEach(RawPeer::close);
        }
    }

    // protocols

    private static Host host() {
        return new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom())).start();
    }

    private Connection connect(Host host) throws Exception {
        return host.connect(node.peerId(), node.swarm().host().addresses()).get(10, TimeUnit.SECONDS);
    }

    private static Stream stream(Connection connection, String protocol) throws Exception {
        return connection.newStream(List.of(protocol)).get(10, TimeUnit.SECONDS);
    }

    private static void write(Stream stream, byte[] bytes) {
        stream.write(Payload.of(bytes));
    }

    /** Reads to the end or the reset; answers how many bytes came. */
    private static int drain(Stream stream) throws Exception {
        int bytes = 0;
        try {
            for (Payload next = stream.read().get(10, TimeUnit.SECONDS);
                    next != null;
                    next = stream.read().get(10, TimeUnit.SECONDS)) {
                bytes += next.size();
                next.close();
            }
        } catch (java.util.concurrent.ExecutionException reset) {
            return bytes;
        }
        return bytes;
    }

    private static byte[] field(int number, byte[] value) {
        return RawPeer.concat(Varint.encode(number << 3 | 2), Varint.encode(value.length), value);
    }

    private static byte[] number(int number, long value) {
        return RawPeer.concat(Varint.encode((long) number << 3), Varint.encode(value));
    }

    private static byte[] message(byte[]... fields) {
        byte[] body = RawPeer.concat(fields);
        return RawPeer.concat(Varint.encode(body.length), body);
    }

    private static byte[] entry(byte[] cid, int priority) {
        return field(1, RawPeer.concat(field(1, cid), number(2, priority), number(5, 1)));
    }

    private static byte[] want(Cid cid, int priority) {
        return field(1, entry(cid.bytes(), priority));
    }

    @Test
    void identifyPushes_thatAreRubbish_areCounted() throws Exception {
        try (Host host = host()) {
            Connection connection = connect(host);
            byte[] message = message(field(6, "stranger".getBytes(StandardCharsets.UTF_8)));
            byte[][] pushes = {
                new Seed(3).bytes(500),
                Varint.encode(8 * 1024 + 1),
                {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1},
                message(field(1, new Seed(4).bytes(36))), // another key
                message(field(8, new Seed(5).bytes(300))), // no signed record
                message(field(2, new byte[8000])).clone(),
                repeated(message, 12),
                new byte[0],
                Arrays.copyOf(message, message.length - 1),
            };
            for (byte[] push : pushes) {
                Stream stream = stream(connection, "/ipfs/id/push/1.0.0");
                write(stream, push);
                stream.closeWrite();
                drain(stream);
            }
            eventually("they are counted", () -> count("identify:failed") >= 7);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void identifyPushes_withoutEnd_areLimited() throws Exception {
        try (Host host = host()) {
            Connection connection = connect(host);
            long before = count("identify:limited");
            byte[] message = message(field(6, "stranger".getBytes(StandardCharsets.UTF_8)));
            for (int i = 0; i < 100; i++) {
                Stream stream = stream(connection, "/ipfs/id/push/1.0.0");
                write(stream, message);
                stream.closeWrite();
            }
            eventually("they are limited", () -> count("identify:limited") >= before + 80);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    private static byte[] repeated(byte[] bytes, int times) {
        byte[][] all = new byte[times][];
        Arrays.fill(all, bytes);
        return RawPeer.concat(all);
    }

    @Test
    void pings_ofOtherSizesAndWithoutEnd_areBounded() throws Exception {
        try (Host host = host()) {
            Connection connection = connect(host);
            Stream odd = stream(connection, "/ipfs/ping/1.0.0");
            write(odd, new byte[33]);
            odd.closeWrite();
            assertThat(drain(odd)).isLessThanOrEqualTo(32);
            Stream many = stream(connection, "/ipfs/ping/1.0.0");
            write(many, new byte[32 * 4096]);
            many.closeWrite();
            assertThat(drain(many)).isEqualTo(32 * 4096);
            // It writes without reading: the echo stops with the windows.
            Stream deaf = stream(connection, "/ipfs/ping/1.0.0");
            for (int i = 0; i < 16; i++) {
                write(deaf, new byte[1024 * 1024]);
            }
            read(friend);
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                streams.add(stream(connection, "/ipfs/ping/1.0.0"));
            }
            for (Stream stream : streams.subList(2, 20)) {
                assertThat(drain(stream)).isZero();
            }
        }
    }

    @Test
    void bitswapMessages_thatAreRubbish_endTheirStreamAndAreCounted() throws Exception {
        byte[] wide = RawPeer.concat(new byte[] {1, 0x55, 0x12, (byte) 0xe8, 7}, new byte[1000]);
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        for (int i = 0; i < 60_000; i++) {
            entries.writeBytes(entry(file.bytes(), i));
        }
        byte[][] messages = {
            Varint.encode(5 * 1024 * 1024),
            {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1},
            message(new Seed(6).bytes(3000)),
            message(field(1, entry(wide, 1))),
            message(field(1, entry(new byte[0], 1))),
            message(field(1, entries.toByteArray())),
            message(field(2, new byte[2 * 1024 * 1024 + 1])),
            message(field(3, field(2, new byte[10]))), // no prefix
            message(field(4, field(1, wide))),
            Arrays.copyOf(message(want(file, 1)), 10),
        };
        try (Host host = host()) {
            Connection connection = connect(host);
            for (byte[] message : messages) {
                long before = node.bitswap().counters().malformedMessages();
                Stream stream = stream(connection, "/ipfs/bitswap/1.2.0");
                write(stream, message);
                stream.closeWrite();
                drain(stream);
                eventually(
                        message.length + " bytes are counted",
                        () -> node.bitswap().counters().malformedMessages() > before);
            }
            assertThat(connection.isOpen()).isTrue();
        }
    }

    @Test
    void wantlists_beyondTheBound_dropTheLeastUrgent() throws Exception {
        Random random = new Seed(12).random();
        long before = node.bitswap().counters().droppedWants();
        try (Host host = host()) {
            Stream stream = stream(connect(host), "/ipfs/bitswap/1.2.0");
            for (int i = 0; i < 20; i++) {
                ByteArrayOutputStream entries = new ByteArrayOutputStream();
                for (int j = 0; j < 10_000; j++) {
                    byte[] digest = new byte[32];
                    random.nextBytes(digest);
                    entries.writeBytes(entry(RawPeer.concat(new byte[] {1, 0x55, 0x12, 32}, digest), j));
                }
                write(stream, message(field(1, entries.toByteArray())));
            }
            eventually("wants are dropped", () -> node.bitswap().counters().droppedWants() - before > 100_000);
            assertThat(node.bitswap().wantlist(host.peerId()).size()).isLessThanOrEqualTo(1024);
            read(friend);
        }
        eventually(
                "the wants go with their peer",
                () -> node.bitswap().stat().wantlist().isEmpty());
    }

    @Test
    void blocksThatNobodyWants_closeTheirSender() throws Exception {
        long before = node.bitswap().counters().closedPeers();
        try (Host host = host()) {
            Connection connection = connect(host);
            Stream stream = stream(connection, "/ipfs/bitswap/1.2.0");
            for (int i = 0; i < 8; i++) {
                byte[] block = field(
                        3,
                        RawPeer.concat(field(1, new byte[] {1, 0x55, 0x12, 32}), field(2, new Seed(i).bytes(50_000))));
                write(stream, message(block));
            }
            eventually("it is closed", () -> node.bitswap().counters().closedPeers() > before);
            eventually("it is disconnected", () -> !connection.isOpen());
        }
    }

    @Test
    void presencesThatNobodyAskedFor_costNothing() throws Exception {
        long before = node.bitswap().counters().messagesReceived();
        try (Host host = host()) {
            Stream stream = stream(connect(host), "/ipfs/bitswap/1.2.0");
            byte[] one = field(4, RawPeer.concat(field(1, file.bytes()), number(2, 0)));
            byte[] message = message(repeated(one, 16_000));
            for (int i = 0; i < 20; i++) {
                write(stream, message);
            }
            eventually("all are read", () -> node.bitswap().counters().messagesReceived() >= before + 20);
            read(friend);
        }
    }

    private static void announce(Connection connection, int size) throws Exception {
        write(stream(connection, "/ipfs/bitswap/1.2.0"), RawPeer.concat(Varint.encode(size), new byte[1]));
    }

    @Test
    void announcedMessagesThatNeverCome_doNotKeepOthersFromBeingServed() throws Exception {
        List<Host> hosts = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                Host host = host();
                hosts.add(host);
                Connection connection = connect(host);
                for (int size : new int[] {4 << 20, 4 << 20, 4 << 20, 3 << 20, 1 << 20}) {
                    announce(connection, size - 2);
                }
                for (int size = 512 << 10; size > 64; size /= 2) {
                    announce(connection, size);
                }
            }
            try (KafilaNode reader = KafilaNode.builder().start()) {
                reader.swarm().connect(node.swarm().addresses()).get(10, TimeUnit.SECONDS);
                read(reader);
                Cid theirs = reader.files()
                        .add(new ByteArrayInputStream(new Seed(30).bytes(3 << 20)))
                        .get(10, TimeUnit.SECONDS);
                try (SeekableByteChannel channel = node.files().open(theirs).get(10, TimeUnit.SECONDS)) {
                    ByteBuffer bytes = ByteBuffer.allocate(3 << 20);
                    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
                    assertThat(bytes.array()).isEqualTo(new Seed(30).bytes(3 << 20));
                }
            }
        } finally {
            hosts.forEach(Host::close);
        }
    }

    @Test
    void streamsThatAreNeverUsed_areBoundedByProtocol() throws Exception {
        try (Host host = host()) {
            Connection connection = connect(host);
            for (int i = 0; i < 600; i++) {
                connection.newStream(List.of("/ipfs/bitswap/1.2.0"));
            }
            eventually(
                    "they are refused beyond the bound",
                    () -> usage("connections").refusals() > 0 || usage("peers").refusals() > 0);
            assertThat(usage("system").inboundStreams()).isLessThanOrEqualTo(520);
            read(friend);
        }
    }
}

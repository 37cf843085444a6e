package io.kafila.libp2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Payload;
import io.kafila.multiformats.PrivateKey;
import io.kafila.testkit.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Stream} promises, for every transport and secure channel. */
abstract class StreamContract {
    private static final String PROTOCOL = "/test/1";

    private EventLoops loops;
    private Host client;
    private Host server;
    private final BlockingQueue<Stream> accepted = new LinkedBlockingQueue<>();

    abstract String listenAddress();

    abstract String security();

    @BeforeEach
    void start() throws Exception {
        loops = EventLoops.create(2);
        server = builder().listen(List.of(Multiaddr.parse(listenAddress()))).start();
        client = builder().start();
        server.handle(PROTOCOL, accepted::add);
        get(get(client.connect(server.peerId(), server.addresses())).identified());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        assertThat(client.resources().usage().get("system").memoryBytes())
                .as("client's memory")
                .isZero();
        assertThat(server.resources().usage().get("system").memoryBytes())
                .as("server's memory")
                .isZero();
        assertThat(server.resources().usage().get("system").connections()).isZero();
        loops.close();
    }

    @Test
    void connection_tellsHowItWasMade() {
        Connection connection = client.connections(server.peerId()).get(0);
        assertThat(connection.security()).isEqualTo(security());
        assertThat(connection.muxer()).isEqualTo("/yamux/1.0.0");
        assertThat(connection.direction()).isEqualTo(Connection.Direction.OUTBOUND);
        assertThat(connection.remotePeer()).isEqualTo(server.peerId());
        assertThat(connection.remoteKey()).isEqualTo(server.publicKey());
        assertThat(connection.remoteAddress()).isEqualTo(server.addresses().get(0));
    }

    @Test
    void bytes_arriveInOrder_bothWays() throws Exception {
        byte[] bytes = new Seed(1).bytes(5_000_000);
        Stream out = open();
        CompletableFuture<Void> sent = out.write(Payload.of(bytes)).thenCompose(done -> out.closeWrite());
        Stream in = accept();
        assertThat(readAll(in)).isEqualTo(bytes);
        get(sent);
        in.write(Payload.of(List.of(ByteBuffer.wrap(bytes, 0, 700_000), ByteBuffer.wrap(bytes, 700_000, 100))));
        in.closeWrite();
        assertThat(readAll(out)).hasSize(700_100).startsWith(Arrays.copyOf(bytes, 1000));
    }

    @Test
    void manyStreams_atOnce_keepTheirBytesApart() throws Exception {
        server.handle("/echo/1", StreamContract::echo);
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        List<byte[]> questions = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] question = new Seed(i).bytes(1 + i * 20_000);
            questions.add(question);
            answers.add(client.newStream(server.peerId(), List.of("/echo/1")).thenCompose(stream -> {
                stream.write(Payload.of(question)).thenCompose(done -> stream.closeWrite());
                return collect(stream, new ByteArrayOutputStream());
            }));
        }
        for (int i = 0; i < questions.size(); i++) {
            assertThat(get(answers.get(i))).as("stream %d", i).isEqualTo(questions.get(i));
        }
    }

    @Test
    void writer_waitsForAReaderThatDoesNotRead() throws Exception {
        Stream out = open();
        CompletableFuture<Void> sent = out.write(Payload.of(new byte[4_000_000]));
        Stream in = accept();
        for (int i = 0; i < 5; i++) {
            get(client.ping(server.peerId()));
        }
        assertThat(sent).isNotDone();
        assertThat(server.resources().usage().get("system").memoryBytes()).isLessThanOrEqualTo(256 * 1024);
        out.closeWrite();
        assertThat(readAll(in)).hasSize(4_000_000);
        get(sent);
        in.close();
        out.close();
    }

    @Test
    void closeWrite_leavesTheOtherDirectionOpen() throws Exception {
        Stream out = open();
        get(out.closeWrite());
        Stream in = accept();
        assertThat(get(in.read())).isNull();
        assertThat(get(in.read())).as("the end stays the end").isNull();
        get(in.write(Payload.of(new byte[3])));
        assertThat(take(out)).hasSize(3);
        assertThatThrownBy(() -> get(out.write(Payload.of(new byte[1])))).hasRootCauseInstanceOf(StreamException.class);
    }

    @Test
    void reset_failsBothSides() throws Exception {
        Stream out = open();
        get(out.write(Payload.of(new byte[1])));
        Stream in = accept();
        take(in);
        CompletableFuture<Payload> reading = in.read();
        out.reset();
        assertThatThrownBy(() -> get(reading)).hasRootCauseInstanceOf(StreamException.class);
        assertThatThrownBy(() -> get(in.write(Payload.of(new byte[1])))).hasRootCauseInstanceOf(StreamException.class);
        assertThatThrownBy(() -> get(out.read())).hasRootCauseInstanceOf(StreamException.class);
        assertThat(client.connections(server.peerId())).hasSize(1);
    }

    @Test
    void close_discardsWhatStillArrives_andTheStreamGoesAway() throws Exception {
        Stream out = open();
        out.close();
        Stream in = accept();
        assertThat(get(in.read())).isNull();
        get(in.write(Payload.of(new byte[100_000])));
        get(in.closeWrite());
        assertThatThrownBy(() -> get(out.read())).hasRootCauseInstanceOf(StreamException.class);
        get(client.ping(server.peerId()));
        assertThat(in.connection().streams()).doesNotContain(in);
        assertThat(out.connection().streams()).doesNotContain(out);
    }

    @Test
    void read_twiceAtOnce_isRefused() throws Exception {
        Stream out = open();
        CompletableFuture<Payload> first = out.read();
        assertThatThrownBy(() -> get(out.read())).hasRootCauseInstanceOf(IllegalStateException.class);
        get(accept().write(Payload.of(new byte[1])));
        get(first).close();
    }

    @Test
    void read_cancelled_losesNoBytes() throws Exception {
        Stream out = open();
        out.read().cancel(false);
        get(accept().write(Payload.of(new byte[] {7})));
        assertThat(take(out)).containsExactly(7);
    }

    @Test
    void read_bringsNoMoreThanAsked() throws Exception {
        Stream out = open();
        out.read(100).cancel(false);
        byte[] sent = new byte[300_000];
        new Random(5).nextBytes(sent);
        Stream in = accept();
        CompletableFuture<Void> written = in.write(Payload.of(sent));
        in.closeWrite();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        int[] limits = {1, 7, 70_000, 4096};
        for (int i = 0; received.size() < sent.length; i++) {
            int limit = limits[i % limits.length];
            try (Payload piece = get(out.read(limit))) {
                assertThat(piece.size()).isBetween(1, limit);
                received.write(piece.toByteArray());
            }
        }
        assertThat(received.toByteArray()).isEqualTo(sent);
        get(written);
        assertThat(get(out.read(1))).isNull();
        assertThatThrownBy(() -> out.read(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void write_ownsItsPayload_whateverHappens() throws Exception {
        AtomicInteger released = new AtomicInteger();
        Stream out = open();
        CompletableFuture<Void> stuck = out.write(counted(2_000_000, released));
        accept();
        out.reset();
        assertThatThrownBy(() -> get(stuck)).hasRootCauseInstanceOf(StreamException.class);
        assertThatThrownBy(() -> get(out.write(counted(2_000_000, released))))
                .hasRootCauseInstanceOf(StreamException.class);
        Stream other = open();
        get(other.write(counted(100_000, released)));
        get(other.write(counted(100, released)));
        Stream in = accept();
        other.closeWrite();
        assertThat(readAll(in)).hasSize(100_100);
        client.close();
        assertThat(released).hasValue(4);
    }

    @Test
    void connection_closed_failsItsStreams() throws Exception {
        Stream out = open();
        Stream in = accept();
        CompletableFuture<Payload> reading = in.read();
        CompletableFuture<Void> writing = in.write(Payload.of(new byte[10_000_000]));
        get(client.disconnect(server.peerId()));
        assertLost(reading);
        assertLost(writing);
        assertLost(out.read());
        assertThat(client.connections()).isEmpty();
    }

    @Test
    void connection_closed_sendsFirstWhatWasWritten() throws Exception {
        Stream out = open();
        Stream in = accept();
        CompletableFuture<byte[]> all = collect(in, new ByteArrayOutputStream());
        out.write(Payload.of(new byte[3_000_000]));
        out.closeWrite();
        out.connection().close();
        assertThat(get(all)).hasSize(3_000_000);
    }

    @Test
    void newStream_takesTheFirstProtocolThatThePeerSpeaks() throws Exception {
        Stream out = get(client.newStream(server.peerId(), List.of("/unknown/1", PROTOCOL)));
        assertThat(out.protocol()).isEqualTo(PROTOCOL);
        assertThat(out.isInitiator()).isTrue();
        Stream in = accept();
        assertThat(in.protocol()).isEqualTo(PROTOCOL);
        assertThat(in.isInitiator()).isFalse();
    }

    @Test
    void newStream_noProtocolInCommon_fails() {
        assertThatThrownBy(() -> get(client.newStream(server.peerId(), List.of("/unknown/1", "/unknown/2"))))
                .hasRootCauseMessage("multistream: protocols not supported: [/unknown/1, /unknown/2]");
    }

    @Test
    void newStream_protocolGoneSinceIdentify_failsTheReads() throws Exception {
        server.unhandle(PROTOCOL);
        Stream out = get(client.newStream(server.peerId(), List.of(PROTOCOL)));
        assertThatThrownBy(() -> get(out.read()))
                .hasRootCauseMessage("multistream: protocols not supported: [" + PROTOCOL + "]");
    }

    @Test
    void handler_thatThrows_resetsTheStreamOnly() throws Exception {
        server.handle("/bad/1", stream -> {
            throw new IllegalStateException("thrown by the test's handler");
        });
        assertThatThrownBy(() ->
                        get(client.newStream(server.peerId(), List.of("/bad/1")).thenCompose(Stream::read)))
                .hasRootCauseInstanceOf(StreamException.class);
        assertThat(get(client.ping(server.peerId()))).isPositive();
    }

    private static void assertLost(CompletableFuture<?> future) {
        assertThatThrownBy(() -> get(future))
                .satisfies(e -> assertThat(e.getCause())
                        .isInstanceOf(StreamException.class)
                        .hasCauseInstanceOf(ConnectionException.class));
    }

    private Stream open() throws Exception {
        return get(client.newStream(server.peerId(), List.of(PROTOCOL)));
    }

    private Stream accept() throws InterruptedException {
        Stream stream = accepted.poll(10, TimeUnit.SECONDS);
        assertThat(stream).as("stream opened by the other side").isNotNull();
        return stream;
    }

    private static byte[] take(Stream stream) throws Exception {
        try (Payload payload = get(stream.read())) {
            return payload.toByteArray();
        }
    }

    private static byte[] readAll(Stream stream) throws Exception {
        return get(collect(stream, new ByteArrayOutputStream()));
    }

    private static CompletableFuture<byte[]> collect(Stream stream, ByteArrayOutputStream all) {
        return stream.read().thenCompose(payload -> {
            if (payload == null) {
                return CompletableFuture.completedFuture(all.toByteArray());
            }
            all.writeBytes(payload.toByteArray());
            payload.close();
            return collect(stream, all);
        });
    }

    private static void echo(Stream stream) {
        stream.read().whenComplete((payload, cause) -> {
            if (cause != null) {
                stream.reset();
            } else if (payload == null) {
                stream.close();
            } else {
                stream.write(payload).whenComplete((done, failure) -> echo(stream));
            }
        });
    }

    private static Payload counted(int bytes, AtomicInteger released) {
        return Payload.of(List.of(ByteBuffer.allocate(bytes)), released::incrementAndGet);
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    HostBuilder builder() {
        return new HostBuilder(PrivateKey.generate(KeyType.ED25519, new SecureRandom()))
                .eventLoops(loops)
                .securities(List.of(security()));
    }
}

package io.kafila.benchmarks.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacketForwarderTest {
    private final PacketForwarder forwarder;
    private final DatagramChannel here = bound();
    private final DatagramChannel there = bound();

    PacketForwarderTest() throws IOException {
        forwarder = new PacketForwarder(2000);
    }

    @BeforeEach
    void noBlocking() throws IOException {
        here.socket().setSoTimeout(5_000);
        there.socket().setSoTimeout(5_000);
    }

    @AfterEach
    void close() throws IOException {
        forwarder.close();
        here.close();
        there.close();
    }

    @Test
    void packets_takeTheirTime_inBothDirections() throws IOException {
        link(LinkShape.of(Duration.ofMillis(40), 1_000_000_000));
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            send(here, i, 100);
            assertThat(receive(there)).isEqualTo(i);
            send(there, -i, 100);
            assertThat(receive(here)).isEqualTo(-i);
            // What a busy machine adds is not the forwarder's; that it never comes early is.
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(40_000_000);
        }
        awaitCounted(20);
        assertThat(forwarder.counters().packets()).isEqualTo(20);
        assertThat(forwarder.counters().bytes()).isEqualTo(2000 - 20 * 8);
    }

    @Test
    void rate_isNeverExceeded() throws IOException {
        link(LinkShape.of(Duration.ZERO, 8_000_000));
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            send(here, i, 1008);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(receive(there)).isEqualTo(i);
        }
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void loss_isWhatTheSeedSays() throws IOException {
        LinkShape lossy = LinkShape.of(Duration.ZERO, 1_000_000_000).withLoss(0.1);
        Wire expected = new Wire(lossy, 3);
        link(lossy);
        for (int i = 0; i < 500; i++) {
            boolean arrives = expected.send((i + 1) * 1_000_000_000L, 92) >= 0;
            send(here, i, 100);
            if (arrives) {
                assertThat(receive(there)).isEqualTo(i);
            }
        }
        awaitCounted(500);
        LinkCounters counters = forwarder.counters();
        assertThat(counters.lost()).isBetween(20L, 90L);
        assertThat(counters.packets() + counters.lost()).isEqualTo(500);
        assertThat(counters.dropped() + counters.overflowed()).isZero();
    }

    @Test
    void packetsThatTheKernelDroppedAtASocket_areCounted() throws IOException {
        int sent = 20_000;
        join(forwarder, LinkShape.of(Duration.ZERO, 1_000_000_000));
        // Nobody takes them from the socket, whose buffer has room for some thousands.
        for (int i = 0; i < sent; i++) {
            send(here, i, 1000);
        }

        assertThat(forwarder.counters().overflowed()).isBetween(1L, (long) sent);
    }

    @Test
    void packetsThatWaitedForTheForwarder_areLate() throws IOException {
        LinkShape shape = LinkShape.of(Duration.ofMillis(8), 1_000_000_000);
        AtomicLong time = new AtomicLong();
        try (PacketForwarder slow = new PacketForwarder(2000, () -> time.getAndAdd(10 * shape.lateNanos()))) {
            // Each look at the clock is so much later than the one before that a packet is late when it is seen to be
            // due.
            join(slow, shape);
            slow.start();
            send(here, 1, 100);
            assertThat(receive(there)).isEqualTo(1);
            awaitCounted(slow, 1);

            assertThat(slow.counters().late()).isEqualTo(1);
        }
    }

    /** A packet is counted just after it was sent. */
    private void awaitCounted(long packets) {
        awaitCounted(forwarder, packets);
    }

    private static void awaitCounted(PacketForwarder forwarder, long packets) {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        LinkCounters counters = forwarder.counters();
        while (counters.packets() + counters.lost() < packets && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            counters = forwarder.counters();
        }
    }

    private void link(LinkShape shape) throws IOException {
        join(forwarder, shape);
        forwarder.start();
    }

    private void join(PacketForwarder forwarder, LinkShape shape) throws IOException {
        DatagramChannel near = bound();
        DatagramChannel far = bound();
        near.connect(here.getLocalAddress());
        far.connect(there.getLocalAddress());
        here.connect(near.getLocalAddress());
        there.connect(far.getLocalAddress());
        forwarder.link(near, far, shape, 3, 8);
    }

    private static DatagramChannel bound() {
        try {
            SocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            return DatagramChannel.open().bind(any);
        } catch (IOException e) {
            throw new AssertionError("no socket on loopback", e);
        }
    }

    private static void send(DatagramChannel from, int number, int bytes) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(bytes).putInt(0, number);
        assertThat(from.write(packet)).isEqualTo(bytes);
    }

    private static int receive(DatagramChannel at) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(2000);
        assertThat(at.read(packet)).isPositive();
        return packet.getInt(0);
    }
}

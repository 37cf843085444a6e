package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries datagrams between pairs of sockets as links would: late, at a rate, and not all of them.
 *
 * <p>One thread takes packets off the sockets and asks each direction's {@link Wire} when they come out; the other sends them
 * on when they are due, at most {@link #QUANTUM_NANOS} and a timer's slack late. Both sleep while there is nothing to do.
 */
final class PacketForwarder implements AutoCloseable {
    /** Packets that are due within this time are sent together: a short sleep costs as much as sending one. */
    static final long QUANTUM_NANOS = 200_000;

    /** Taken off one socket before the next one has its turn. */
    private static final int PACKETS_PER_TURN = 64;

    private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

    /** Acknowledgements are small, and each has a header in the line. */
    private static final int LINE_SLACK_BYTES = 1024 * 1024;

    private static final long JOIN_MILLIS = 2_000;

    /** What both directions of one link have done since it was made. */
    private static final class Direction {
        final Wire wire;
        final DelayLine line;
        final DatagramChannel from;
        final DatagramChannel to;
        final InetSocketAddress at;
        final int overheadBytes;
        final long lateNanos;
        // Each is written by one thread and read by any.
        final AtomicLong packets = new AtomicLong();
        final AtomicLong bytes = new AtomicLong();
        final AtomicLong lost = new AtomicLong();
        final AtomicLong dropped = new AtomicLong();
        final AtomicLong overflowed = new AtomicLong();
        final AtomicLong late = new AtomicLong();
        volatile long latestNanos;

        Direction(
                LinkShape shape, long seed, DelayLine line, DatagramChannel from, DatagramChannel to, int overheadBytes)
                throws IOException {
            this.wire = new Wire(shape, seed);
            this.lateNanos = shape.lateNanos();
            this.line = line;
            this.from = from;
            this.at = (InetSocketAddress) from.getLocalAddress();
            this.to = to;
            this.overheadBytes = overheadBytes;
        }
    }

    private final Selector selector;
    private final List<Direction> directions = new ArrayList<>();
    private final LongSupplier nanoClock;
    private final int maxPacketBytes;
    private final ByteBuffer surplus;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    /** Until when the sending thread sleeps. */
    private volatile long sleepsUntil = Long.MIN_VALUE;

    private volatile boolean closed;

    /** @param maxPacketBytes the longest datagram */
    PacketForwarder(int maxPacketBytes) throws IOException {
        this(maxPacketBytes, System::nanoTime);
    }

    /** @param nanoClock monotonic */
    PacketForwarder(int maxPacketBytes, LongSupplier nanoClock) throws IOException {
        this.selector = Selector.open();
        this.nanoClock = nanoClock;
        this.maxPacketBytes = maxPacketBytes;
        this.surplus = ByteBuffer.allocateDirect(maxPacketBytes);
    }

    /**
     * A link between two connected sockets, which the forwarder owns from here on. Before {@link #start} only.
     *
     * @param overheadBytes what of each datagram is not on the emulated link
     */
    void link(DatagramChannel one, DatagramChannel other, LinkShape shape, long seed, int overheadBytes)
            throws IOException {
        add(one, other, shape, seed, overheadBytes);
        add(other, one, shape, ~seed, overheadBytes);
    }

    private void add(DatagramChannel from, DatagramChannel to, LinkShape shape, long seed, int overheadBytes)
            throws IOException {
        from.configureBlocking(false);
        from.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        from.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        long onTheWay = shape.queueBytes() + shape.bandwidthDelayBytes();
        DelayLine line = new DelayLine(onTheWay + onTheWay / 8 + LINE_SLACK_BYTES, maxPacketBytes);
        Direction direction = new Direction(shape, seed, line, from, to, overheadBytes);
        directions.add(direction);
        from.register(selector, SelectionKey.OP_READ, direction);
    }

    void start() {
        Thread sender = new Thread(() -> run(this::sendAll), "link-sender");
        Thread receiver = new Thread(() -> run(() -> receiveAll(sender)), "link-receiver");
        for (Thread thread : List.of(sender, receiver)) {
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** What was carried and what was not, in all. */
    LinkCounters counters() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new BenchException("link: packets are carried no more", failed);
        }
        long packets = 0;
        long bytes = 0;
        long lost = 0;
        long dropped = 0;
        long overflowed = dropsOfTheKernel();
        long late = 0;
        long latest = 0;
        for (Direction direction : directions) {
            packets += direction.packets.get();
            bytes += direction.bytes.get();
            lost += direction.lost.get();
            dropped += direction.dropped.get();
            overflowed += direction.overflowed.get();
            late += direction.late.get();
            latest = Math.max(latest, direction.latestNanos);
        }
        return new LinkCounters(packets, bytes, lost, dropped, overflowed, late, latest);
    }

    /** What came to a socket while the receiving thread had left it full. */
    private long dropsOfTheKernel() {
        try {
            return SocketDrops.count(
                    directions.stream().map(direction -> direction.at).toList());
        } catch (IOException e) {
            throw new BenchException("link: the kernel does not say what it dropped", e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                failure.compareAndSet(null, e);
            }
        }
    }

    // The receiving thread

    private void receiveAll(Thread sender) throws IOException {
        while (!closed) {
            selector.select();
            long earliest = DelayLine.NEVER;
            for (Iterator<SelectionKey> ready = selector.selectedKeys().iterator(); ready.hasNext(); ) {
                SelectionKey key = ready.next();
                ready.remove();
                earliest = Math.min(earliest, receive((Direction) key.attachment()));
            }
            if (earliest < sleepsUntil) {
                LockSupport.unpark(sender);
            }
        }
    }

    /** Answers when the first of the packets that were taken is due. */
    private long receive(Direction direction) throws IOException {
        long earliest = DelayLine.NEVER;
        for (int i = 0; i < PACKETS_PER_TURN; i++) {
            ByteBuffer slot = direction.line.slot();
            ByteBuffer into = slot == null ? surplus.clear() : slot;
            int before = into.position();
            // An error on the socket means that the other side is not there yet, or no more: a packet for nobody.
            if (!read(direction.from, into)) {
                break;
            }
            int bytes = into.position() - before;
            if (slot == null) {
                direction.overflowed.incrementAndGet();
                continue;
            }
            long due = direction.wire.send(nanoClock.getAsLong(), bytes - direction.overheadBytes);
            if (due >= 0) {
                direction.line.put(due);
                earliest = Math.min(earliest, due);
            } else if (due == Wire.LOST) {
                direction.lost.incrementAndGet();
            } else {
                direction.dropped.incrementAndGet();
            }
        }
        return earliest;
    }

    private static boolean read(DatagramChannel from, ByteBuffer into) throws IOException {
        try {
            return from.read(into) > 0;
        } catch (PortUnreachableException e) {
            return false;
        }
    }

    // The sending thread

    private void sendAll() throws IOException {
        while (!closed) {
            long next = DelayLine.NEVER;
            for (Direction direction : directions) {
                next = Math.min(next, sendDue(direction));
            }
            sleepsUntil = next;
            // A packet may have come between the look and the announcement; one that comes after it wakes this thread.
            for (Direction direction : directions) {
                next = Math.min(next, direction.line.due());
            }
            long now = nanoClock.getAsLong();
            if (next == DelayLine.NEVER) {
                LockSupport.park(this);
            } else if (next > now) {
                LockSupport.parkNanos(this, Math.max(QUANTUM_NANOS, next - now));
            }
            sleepsUntil = Long.MIN_VALUE;
        }
    }

    /** Sends what is due and answers when the next packet is. */
    private long sendDue(Direction direction) throws IOException {
        long due = direction.line.due();
        long now = nanoClock.getAsLong();
        while (due <= now) {
            ByteBuffer packet = direction.line.head();
            int bytes = packet.remaining();
            if (!write(direction.to, packet)) {
                return now + QUANTUM_NANOS;
            }
            direction.line.remove();
            if (now - due > direction.lateNanos) {
                direction.late.incrementAndGet();
            }
            direction.latestNanos = Math.max(direction.latestNanos, now - due);
            direction.bytes.addAndGet(bytes - direction.overheadBytes);
            direction.packets.incrementAndGet();
            due = direction.line.due();
            now = nanoClock.getAsLong();
        }
        return due;
    }

    private static boolean write(DatagramChannel to, ByteBuffer packet) throws IOException {
        try {
            return to.write(packet) > 0;
        } catch (PortUnreachableException e) {
            return true;
        }
    }

    /** Stops carrying; what is under way is lost. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        selector.wakeup();
        threads.forEach(LockSupport::unpark);
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        try (Selector first = selector) {
            for (Direction direction : directions) {
                direction.from.close();
            }
        } catch (IOException e) {
            throw new BenchException("link: sockets not closed", e);
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new BenchException("link: packets were not carried to the end", failed);
        }
    }
}

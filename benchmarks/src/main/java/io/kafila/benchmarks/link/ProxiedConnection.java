package io.kafila.benchmarks.link;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * A connection through a {@link ShapingProxy}: each direction has a thread that reads pieces, asks the {@link Wire} when they
 * come out, and one that writes them then. What lies between the two is bounded by what the link holds; where the wire's
 * queue is full the reader waits, and the sender's socket fills up as before a slow link.
 *
 * <p>The handshake of TCP counts: what the dialler sends leaves after one round trip, and the other end learns of the
 * connection half a round trip later.
 */
final class ProxiedConnection implements Closeable {
    private static final int PIECE_BYTES = 16 * 1024;
    /** How long a reader waits for room in the queue before it looks again. */
    private static final long ROOM_NANOS = 500_000;

    /** Bytes that come out at a time. None of them is the end of the stream. */
    private record Piece(ByteBuffer bytes, long due) {}

    /** One direction: what is on its way, and how much more may be. */
    private final class Way {
        private final Wire wire;
        private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
        private final Semaphore room;

        Way(Wire wire) {
            this.wire = wire;
            long held = shape.bandwidthDelayBytes() + shape.queueBytes() + PIECE_BYTES;
            this.room = new Semaphore((int) Math.min(Integer.MAX_VALUE, held));
        }

        void readAll(InputStream in) throws IOException, InterruptedException {
            while (true) {
                byte[] bytes = new byte[PIECE_BYTES];
                int length = Math.max(0, in.read(bytes));
                room.acquire(length);
                pieces.add(new Piece(ByteBuffer.wrap(bytes, 0, length), due(length)));
                if (length == 0) {
                    return;
                }
            }
        }

        /** All connections of a link share its wire. */
        private long due(int length) {
            while (true) {
                long due;
                synchronized (wire) {
                    due = wire.send(nanoTime.getAsLong(), length);
                }
                if (due != Wire.DROPPED) {
                    return due;
                }
                LockSupport.parkNanos(this, ROOM_NANOS);
            }
        }

        /** Lets whoever waits find the end, or a closed socket. */
        void end() {
            pieces.add(new Piece(ByteBuffer.allocate(0), 0));
            room.release(PIECE_BYTES);
        }

        void writeAll(WritableByteChannel out) throws IOException, InterruptedException {
            for (Piece piece = pieces.take(); piece.bytes.hasRemaining(); piece = pieces.take()) {
                waitUntil(piece.due);
                int length = piece.bytes.remaining();
                while (piece.bytes.hasRemaining()) {
                    out.write(piece.bytes);
                }
                room.release(length);
            }
        }
    }

    private final Socket dialler;
    private final Socket listener = new Socket();
    private final InetSocketAddress target;
    private final LinkShape shape;
    private final Way forth;
    private final Way back;
    private final LongSupplier nanoTime;
    private final AtomicInteger directionsLeft = new AtomicInteger(2);

    ProxiedConnection(
            Socket dialler, InetSocketAddress target, LinkShape shape, Wire forth, Wire back, LongSupplier nanoTime) {
        this.dialler = dialler;
        this.target = target;
        this.shape = shape;
        this.nanoTime = nanoTime;
        this.forth = new Way(forth);
        this.back = new Way(back);
    }

    void start() {
        run("link-connect", this::connect);
    }

    private void connect() throws IOException {
        long accepted = nanoTime.getAsLong();
        long roundTrip = shape.roundTrip().toNanos();
        waitUntil(accepted + roundTrip);
        run("link-read", () -> forth.readAll(dialler.getInputStream()));
        waitUntil(accepted + roundTrip + shape.oneWayNanos());
        listener.connect(target);
        listener.setTcpNoDelay(true);
        dialler.setTcpNoDelay(true);
        run("link-write", () -> {
            forth.writeAll(Channels.newChannel(listener.getOutputStream()));
            ended(listener);
        });
        run("link-read", () -> back.readAll(listener.getInputStream()));
        run("link-write", () -> {
            back.writeAll(Channels.newChannel(dialler.getOutputStream()));
            ended(dialler);
        });
    }

    /** One direction is at its end, and what it led to hears of it; both ends are closed when both directions are. */
    private void ended(Socket to) throws IOException {
        to.shutdownOutput();
        if (directionsLeft.decrementAndGet() == 0) {
            close();
        }
    }

    private void waitUntil(long nanos) {
        for (long left = nanos - nanoTime.getAsLong(); left > 0; left = nanos - nanoTime.getAsLong()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** What a thread of a connection does. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        close(); // One end is gone, so the other end loses the connection too.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        close();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the connection at both ends; bytes on their way are lost. Idempotent. */
    @Override
    public void close() {
        closeQuietly(dialler);
        closeQuietly(listener);
        forth.end();
        back.end();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more, which is what was wanted.
            assert socket.isClosed();
        }
    }
}

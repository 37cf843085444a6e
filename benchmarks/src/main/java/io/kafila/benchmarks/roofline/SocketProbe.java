package io.kafila.benchmarks.roofline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One TCP connection on loopback with a thread at each end. Both stages share the time; each has the CPU time of its thread. */
final class SocketProbe implements Probe {
    private static final int WRITE_BYTES = 1 << 20;
    private static final int READ_BYTES = 256 * 1024;

    private final Pieces pieces = Pieces.of(WRITE_BYTES);
    private final ByteBuffer into = Pieces.aligned(READ_BYTES);
    private final ExecutorService receiving = Executors.newSingleThreadExecutor();
    private final SocketChannel sender;
    private final SocketChannel receiver;

    SocketProbe() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            this.sender = SocketChannel.open(server.getLocalAddress());
            this.receiver = server.accept();
        }
    }

    @Override
    public Map<Stage, Sample> round(long bytes) throws IOException {
        long count = Math.max(1, bytes / WRITE_BYTES);
        long total = count * WRITE_BYTES;
        long start = System.nanoTime();
        CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> receive(total), receiving);
        long cpuStart = CpuClock.threadNanos();
        for (long i = 0; i < count; i++) {
            ByteBuffer piece = pieces.piece(i);
            while (piece.hasRemaining()) {
                sender.write(piece);
            }
        }
        long sendingNanos = CpuClock.threadNanos() - cpuStart;
        long receivingNanos = received.join();
        long wallNanos = System.nanoTime() - start;
        return Map.of(
                Stage.SOCKET_SEND, new Sample(total, wallNanos, sendingNanos),
                Stage.SOCKET_RECEIVE, new Sample(total, wallNanos, receivingNanos));
    }

    private long receive(long total) {
        long start = CpuClock.threadNanos();
        long left = total;
        try {
            while (left > 0) {
                into.clear();
                int read = receiver.read(into);
                if (read < 0) {
                    throw new IllegalStateException("loopback: closed with " + left + " bytes missing");
                }
                left -= read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CpuClock.threadNanos() - start;
    }

    @Override
    public void close() throws IOException {
        receiving.shutdown();
        sender.close();
        receiver.close();
    }
}

package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One link as a TCP proxy on loopback: the bytes of all its connections come late and share the rate of each direction.
 * Thread-safe; closing it closes all connections.
 */
public final class ShapingProxy implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final LinkShape shape;
    private final LongSupplier nanoTime;
    private final Wire fromHub;
    private final Wire toHub;
    private final List<Closeable> open = new ArrayList<>();
    private boolean closed;

    /** @param nanoTime monotonic */
    public ShapingProxy(LinkShape shape, LongSupplier nanoTime) {
        this.shape = shape;
        this.nanoTime = nanoTime;
        this.fromHub = new Wire(shape, 0);
        this.toHub = new Wire(shape, 0);
    }

    /**
     * Listens for connections to a target, on a port that is answered.
     *
     * @param diallerIsHub which of the two directions is that of the dialler
     */
    public int listen(InetSocketAddress target, boolean diallerIsHub) throws IOException {
        ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        keep(server);
        Thread thread = new Thread(() -> accept(server, target, diallerIsHub), "link-accept");
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }

    private void accept(ServerSocket server, InetSocketAddress target, boolean diallerIsHub) {
        try {
            while (true) {
                Socket dialler = server.accept();
                Wire forth = diallerIsHub ? fromHub : toHub;
                Wire back = diallerIsHub ? toHub : fromHub;
                ProxiedConnection connection = new ProxiedConnection(dialler, target, shape, forth, back, nanoTime);
                keep(connection);
                connection.start();
            }
        } catch (IOException e) {
            close(); // The server socket was closed, or this process has no sockets left.
        }
    }

    private synchronized void keep(Closeable each) {
        open.add(each);
        if (closed) {
            close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (Closeable each : open) {
            try {
                each.close();
            } catch (IOException e) {
                throw new BenchException("link: a socket was not closed", e);
            }
        }
        open.clear();
    }
}

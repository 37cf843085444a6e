package io.kafila.libp2p.internal.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one or several hosts: event loops for sockets, event loops for the memory transport, made when first
 * used, and a few threads for what blocks. Thread-safe.
 */
public final class LoopGroups implements AutoCloseable {
    private static final int BLOCKING_THREADS = 4;
    private static final int MAX_QUEUED = 1024;
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final int threads;
    private final boolean epoll;
    private @Nullable EventLoopGroup sockets;
    private @Nullable EventLoopGroup memory;
    private @Nullable ThreadPoolExecutor blocking;
    private boolean closed;

    public LoopGroups(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("event loops: " + threads + " threads, want at least 1");
        }
        this.threads = threads;
        this.epoll = Epoll.isAvailable();
    }

    public synchronized EventLoopGroup sockets() {
        requireOpen();
        EventLoopGroup group = sockets;
        if (group == null) {
            group = group("kafila-io", epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
            sockets = group;
        }
        return group;
    }

    public synchronized EventLoopGroup memory() {
        requireOpen();
        EventLoopGroup group = memory;
        if (group == null) {
            group = group("kafila-memory", LocalIoHandler.newFactory());
            memory = group;
        }
        return group;
    }

    /** Runs what blocks: lookups of names, writes of the peerstore; refuses with a {@link java.util.concurrent.RejectedExecutionException} when too many wait. */
    public synchronized Executor blocking() {
        requireOpen();
        ThreadPoolExecutor pool = blocking;
        if (pool == null) {
            pool = new ThreadPoolExecutor(
                    BLOCKING_THREADS,
                    BLOCKING_THREADS,
                    10,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MAX_QUEUED),
                    new DefaultThreadFactory("kafila-libp2p", true));
            pool.allowCoreThreadTimeOut(true);
            blocking = pool;
        }
        return pool;
    }

    public Class<? extends Channel> socketChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Server channels of one protocol family, so that wildcards of both families can share a port. */
    public ChannelFactory<? extends ServerChannel> serverChannel(SocketProtocolFamily family) {
        return epoll
                ? () -> new EpollServerSocketChannel(family)
                : () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
    }

    /** Datagram channels of IPv4. */
    public ChannelFactory<? extends DatagramChannel> datagramChannel() {
        return epoll
                ? () -> new EpollDatagramChannel(SocketProtocolFamily.INET)
                : () -> new NioDatagramChannel(SocketProtocolFamily.INET);
    }

    public boolean isEpoll() {
        return epoll;
    }

    /** Ends the threads and waits for them, unless called from one of them. Idempotent. */
    @Override
    public void close() {
        EventLoopGroup first;
        EventLoopGroup second;
        synchronized (this) {
            closed = true;
            first = sockets;
            second = memory;
            if (blocking != null) {
                blocking.shutdownNow();
            }
        }
        shutDown(first);
        shutDown(second);
        await(first);
        await(second);
    }

    private EventLoopGroup group(String name, IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("event loops: closed");
        }
    }

    private static void shutDown(@Nullable EventLoopGroup group) {
        if (group != null) {
            group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static void await(@Nullable EventLoopGroup group) {
        if (group == null) {
            return;
        }
        for (var loop : group) {
            if (loop.inEventLoop()) {
                return;
            }
        }
        group.terminationFuture().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}

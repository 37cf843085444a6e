package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.Libp2pException;
import io.kafila.libp2p.internal.transport.Transport;
import io.kafila.libp2p.internal.transport.Transports;
import io.kafila.multiformats.Multiaddr;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sockets that a host listens on. Thread-safe. */
final class Listeners implements AutoCloseable {

    /** Takes accepted channels, in their event loops, before anything was read. */
    interface Acceptor {
        void onAccepted(Channel channel, Transport transport);
    }

    private final Transports transports;
    private final Acceptor acceptor;
    private final List<Channel> sockets = new CopyOnWriteArrayList<>();
    private final Set<Channel> accepted = ConcurrentHashMap.newKeySet();
    private final List<Multiaddr> addresses = new CopyOnWriteArrayList<>();

    Listeners(Transports transports, Acceptor acceptor) {
        this.transports = transports;
        this.acceptor = acceptor;
    }

    /**
     * Binds to all of the addresses, blocking until it has.
     *
     * @throws Libp2pException naming the address that could not be bound; what was bound before stays open
     */
    void listen(List<Multiaddr> wanted) {
        for (Multiaddr address : wanted) {
            Transport transport = transports
                    .transportFor(address)
                    .orElseThrow(() -> new Libp2pException("cannot listen on " + address + ": no transport for it"));
            ChannelFuture bound = transport
                    .listen(address, new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            accepted.add(channel);
                            channel.closeFuture().addListener(gone -> accepted.remove(channel));
                            acceptor.onAccepted(channel, transport);
                        }
                    })
                    .awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new Libp2pException(
                        "cannot listen on " + address + ": " + Dialer.reason(bound.cause()), bound.cause());
            }
            sockets.add(bound.channel());
            addresses.add(transport.localAddress(bound.channel()));
        }
    }

    List<Multiaddr> addresses() {
        return List.copyOf(addresses);
    }

    /** Closes what came in and is still open. */
    void closeAccepted() {
        accepted.forEach(Channel::close);
    }

    /** Stops listening and waits until the ports are free. Idempotent. */
    @Override
    public void close() {
        List<ChannelFuture> closing = new ArrayList<>();
        sockets.forEach(socket -> closing.add(socket.close()));
        closing.forEach(ChannelFuture::awaitUninterruptibly);
        sockets.clear();
    }
}

package io.kafila.libp2p;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A secured and muxed connection to a peer whose identity is proved. Thread-safe. */
public interface Connection extends AutoCloseable {

    /** Which side opened it. */
    enum Direction {
        INBOUND,
        OUTBOUND
    }

    PeerId remotePeer();

    PublicKey remoteKey();

    Multiaddr localAddress();

    Multiaddr remoteAddress();

    Direction direction();

    /** The protocol id of the secure channel: {@code /tls/1.0.0} or {@code /noise}. */
    String security();

    /** The protocol id of the muxer: {@code /yamux/1.0.0}. */
    String muxer();

    Instant openedAt();

    boolean isOpen();

    List<Stream> streams();

    /** Opens a stream with the first protocol of {@code protocols} that the peer speaks. */
    CompletableFuture<Stream> newStream(List<String> protocols);

    /** What identify told of the peer; completes when it has, fails when the connection dies before. */
    CompletableFuture<IdentifyInfo> identified();

    /** Smoothed round-trip time in nanoseconds, 0 while unknown. */
    long roundTripNanos();

    /** Sends go-away and closes. Idempotent. */
    @Override
    void close();
}

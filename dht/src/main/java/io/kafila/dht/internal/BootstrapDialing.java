package io.kafila.dht.internal;

import io.kafila.dht.internal.net.DhtLoop;
import io.kafila.libp2p.Connection;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials the bootstrap peers while hardly anybody is known, again and again. That none answers is said once, and once more when one
 * does again. Confined to the loop.
 */
final class BootstrapDialing {
    /** As Kubo: with fewer peers, bootstrap peers are dialed. */
    static final int FEW_PEERS = 4;

    static final Duration PERIOD = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(BootstrapDialing.class);

    private final DhtLoop loop;
    private final BiFunction<PeerId, List<Multiaddr>, CompletableFuture<Connection>> dialer;
    private final IntSupplier peersKnown;
    private final Map<PeerId, List<Multiaddr>> peers = new LinkedHashMap<>();
    private boolean dialing;
    private boolean failing;
    private boolean closed;

    /**
     * @param peersKnown how many servers are known
     * @param addresses each ends with {@code /p2p}
     */
    BootstrapDialing(
            DhtLoop loop,
            BiFunction<PeerId, List<Multiaddr>, CompletableFuture<Connection>> dialer,
            IntSupplier peersKnown,
            List<Multiaddr> addresses) {
        this.loop = loop;
        this.dialer = dialer;
        this.peersKnown = peersKnown;
        for (Multiaddr address : addresses) {
            address.peerId()
                    .ifPresent(peer ->
                            peers.computeIfAbsent(peer, id -> new ArrayList<>()).add(address.withoutPeerId()));
        }
    }

    /** Begins, at once. */
    void start() {
        if (!peers.isEmpty()) {
            round();
        }
    }

    void close() {
        closed = true;
    }

    private void round() {
        if (closed) {
            return;
        }
        loop.schedule(PERIOD.toNanos(), this::round);
        if (peersKnown.getAsInt() >= FEW_PEERS) {
            return;
        }
        dialing = true;
        List<CompletableFuture<Boolean>> dials = new ArrayList<>();
        peers.forEach((peer, addresses) ->
                dials.add(dialer.apply(peer, addresses).handle((connection, error) -> error == null)));
        CompletableFuture.allOf(dials.toArray(CompletableFuture[]::new))
                .whenComplete(
                        (all, error) -> loop.execute(() -> report(dials.stream().anyMatch(CompletableFuture::join))));
    }

    /** Whether an answer may still come. */
    boolean isDialing() {
        return dialing;
    }

    private void report(boolean anyAnswered) {
        dialing = false;
        if (closed || anyAnswered != failing) {
            return;
        }
        failing = !anyAnswered;
        if (failing) {
            // As an error, for a daemon shows nothing less, and whoever runs it should know why it finds nothing.
            LOG.error(
                    "dht: none of the {} bootstrap peers answers; the node works without and tries again every {} s",
                    peers.size(),
                    PERIOD.toSeconds());
        } else {
            LOG.info("dht: a bootstrap peer answers again");
        }
    }
}

/**
 * yamux: many streams over one secured connection (libp2p/specs yamux, {@code /yamux/1.0.0}).
 *
 * <p>{@link io.kafila.libp2p.internal.yamux.YamuxSession} is the protocol without I/O: bytes of the peer and the time go
 * in, frames and calls to a listener come out. It knows windows, fairness between streams, round-trip times and what a
 * peer must not do. {@link io.kafila.libp2p.internal.yamux.YamuxHandler} ties a session to a Netty pipeline, and
 * {@link io.kafila.libp2p.internal.yamux.MuxedStream} is the {@link io.kafila.libp2p.Stream} that applications hold.
 *
 * <p>Sessions and their streams are confined to the event loop of their connection. What a peer can make a session hold
 * is bounded by the receive windows, and those grow only by bytes that a {@link io.kafila.libp2p.internal.yamux.StreamBudget}
 * has granted.
 */
@NullMarked
package io.kafila.libp2p.internal.yamux;

import org.jspecify.annotations.NullMarked;

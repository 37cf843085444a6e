/**
 * The libp2p stack: a {@link io.kafila.libp2p.Host} that listens, dials, and opens streams to peers by their PeerId.
 *
 * <p>A connection is a transport (TCP, memory) upgraded by multistream-select to a secure channel (TLS 1.3 or Noise XX)
 * and a muxer (yamux). On each stream multistream-select agrees on a protocol. Every connection is confined to one event
 * loop; the callbacks of its streams run there and must not block. Resource limits guard each step.
 *
 * <p>Enter at {@code HostBuilder}. Netty appears in no public signature.
 */
@NullMarked
package io.kafila.libp2p;

import org.jspecify.annotations.NullMarked;

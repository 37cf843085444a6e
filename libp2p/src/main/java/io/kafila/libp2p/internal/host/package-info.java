/**
 * The host: what ties transports, secure channels, muxers and protocols to one peer.
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.host.Libp2pHost}. A channel becomes a connection in
 * {@link io.kafila.libp2p.internal.host.ConnectionUpgrade}; {@link io.kafila.libp2p.internal.host.Dialer} opens channels,
 * {@link io.kafila.libp2p.internal.host.HostConnection} and {@link io.kafila.libp2p.internal.host.MuxedStream} are what
 * applications hold. Each connection with its streams is confined to one event loop; the tables of the host are
 * thread-safe. Decisions (ranking of addresses, schedule of a dial, trimming) are plain classes without I/O.
 */
@NullMarked
package io.kafila.libp2p.internal.host;

import org.jspecify.annotations.NullMarked;

/**
 * ping: 32 random bytes there and back (libp2p/specs ping, {@code /ipfs/ping/1.0.0}).
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.ping.PingService}. Callbacks run in the event loop of the connection.
 */
@NullMarked
package io.kafila.libp2p.internal.ping;

import org.jspecify.annotations.NullMarked;

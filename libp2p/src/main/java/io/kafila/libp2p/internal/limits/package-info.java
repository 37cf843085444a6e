/**
 * The accounts of what strangers hold: connections, streams and memory, by system, peer, connection, protocol and stream.
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.limits.ResourceScopes}. A transport opens a connection's scope before it
 * shakes hands and names the peer after; a muxer opens a stream's scope and names the protocol once agreed. Whoever
 * opened a scope closes it; closing a connection's scope closes those of its streams. Everything here is thread-safe, under
 * one lock that is held for a few additions.
 */
@NullMarked
package io.kafila.libp2p.internal.limits;

import org.jspecify.annotations.NullMarked;

/**
 * Transports: how a multiaddr becomes a Netty channel, dialed or listened to.
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.transport.Transports}. TCP runs on native epoll where it is there and on NIO
 * elsewhere; {@code /memory/N} connects hosts of one JVM. Names in addresses are resolved first, off the event loops, by
 * {@link io.kafila.libp2p.internal.transport.AddressResolver}. Channels arrive here raw; security and muxing are the
 * upgrade's business. {@link io.kafila.libp2p.internal.transport.LoopGroups} owns the threads, and several hosts may share
 * one.
 */
@NullMarked
package io.kafila.libp2p.internal.transport;

import org.jspecify.annotations.NullMarked;

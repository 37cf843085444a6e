/**
 * Finds peers in the local network, and is found there (libp2p/specs discovery/mdns.md over RFC 6762): service {@code _p2p._udp.local}, the addresses
 * of a peer as {@code dnsaddr=} texts.
 *
 * <p>{@link io.kafila.libp2p.internal.mdns.MdnsPeer} is the brain, told of messages and of the time, and {@link
 * io.kafila.libp2p.internal.mdns.MulticastDiscovery} its driver on a multicast socket; {@link io.kafila.libp2p.internal.mdns.DnsMessage} is the codec. All are
 * confined to the socket's event loop. Anyone in the local network can send anything, so what is told of, answered and dialed has
 * bounds.
 */
@NullMarked
package io.kafila.libp2p.internal.mdns;

import org.jspecify.annotations.NullMarked;

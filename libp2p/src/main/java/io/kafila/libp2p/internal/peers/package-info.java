/**
 * What a host knows of peers: their addresses, kept in a datastore; whom it lets in; and how many bytes it exchanged
 * with each.
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.peers.PeerServices}, which holds one of each. Everything is thread-safe and
 * bounded, and no call from an event loop touches a disk: the peer book writes behind, in batches on an executor.
 */
@NullMarked
package io.kafila.libp2p.internal.peers;

import org.jspecify.annotations.NullMarked;

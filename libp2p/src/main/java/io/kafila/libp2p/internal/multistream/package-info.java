/**
 * multistream-select 1.0.0: two sides agree on one protocol id (multiformats/multistream-select README).
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.multistream.MultistreamNegotiation}. It neither reads nor writes a channel:
 * the driver hands it what arrived, sends what it answers, and learns the agreed protocol. The same class serves raw
 * connections, secured connections and streams; the driver gives an error its blast radius. Each negotiation is confined
 * to one thread.
 */
@NullMarked
package io.kafila.libp2p.internal.multistream;

import org.jspecify.annotations.NullMarked;

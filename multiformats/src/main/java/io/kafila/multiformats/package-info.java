/**
 * The self-describing values of IPFS: varints, bases, codecs, hashes, content identifiers, keys, peers and addresses.
 *
 * <p>Enter at {@link io.kafila.multiformats.Cid} for the name of a block, at {@link io.kafila.multiformats.HashFunction}
 * to compute a {@link io.kafila.multiformats.Multihash}, at {@link io.kafila.multiformats.PeerId} and
 * {@link io.kafila.multiformats.Multiaddr} for who a peer is and where it listens, at
 * {@link io.kafila.multiformats.Payload} for bytes that travel between modules without a copy.
 *
 * <p>Values are immutable and may be shared between threads. Text and bytes of strangers are refused with a
 * {@link io.kafila.multiformats.MultiformatException}; every length is checked against a named limit before anything is
 * allocated. The formats are those of github.com/multiformats and of the libp2p specifications.
 */
@NullMarked
package io.kafila.multiformats;

import org.jspecify.annotations.NullMarked;

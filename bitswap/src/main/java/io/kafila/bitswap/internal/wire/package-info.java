/**
 * The bitswap messages: their limits, their codec, and how a stream is cut into them.
 *
 * <p>A message on the wire is an unsigned varint length and a protobuf body (ipfs/specs bitswap-protocol.md). The codec is
 * written by hand so that block data stays where it was received: a decoded block is a slice of the pieces that came from
 * the stream, and an encoded message gathers the payloads of its blocks between a few header bytes.
 *
 * <p>Enter at {@link io.kafila.bitswap.internal.wire.MessageAssembler} for what comes in and at {@link
 * io.kafila.bitswap.internal.wire.MessageEncoder} for what goes out. Nothing here knows threads or streams.
 */
@NullMarked
package io.kafila.bitswap.internal.wire;

import org.jspecify.annotations.NullMarked;

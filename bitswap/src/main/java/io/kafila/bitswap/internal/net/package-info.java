/**
 * What ties bitswap to streams: the loop that its brains run in, streams read into messages, messages written to streams.
 *
 * <p>{@link io.kafila.bitswap.internal.net.Loop} runs one task at a time and is the only thread that client and server
 * state is touched in. {@link io.kafila.bitswap.internal.net.Network} takes every stream that a peer opens; each side
 * answers on a stream that it opened itself ({@link io.kafila.bitswap.internal.net.OutboundChannel}). What is received and
 * not yet stored is bounded by a {@link io.kafila.bitswap.internal.net.ByteBudget}; a stream whose message finds no room
 * there is not read further, so its sender stops.
 */
@NullMarked
package io.kafila.bitswap.internal.net;

import org.jspecify.annotations.NullMarked;

/**
 * The serving side of bitswap: what peers want, what they get next, and the reading and sending of it.
 *
 * <p>{@link io.kafila.bitswap.internal.server.DecisionEngine} keeps a {@link io.kafila.bitswap.internal.server.Ledger} for
 * each peer and decides what is sent to whom next. It does no I/O: it says which sizes it has to know and which blocks make
 * the next message, and is told what was found and what was sent. {@link io.kafila.bitswap.internal.server.Server} does the
 * reading and writing for it, in the loop.
 */
@NullMarked
package io.kafila.bitswap.internal.server;

import org.jspecify.annotations.NullMarked;

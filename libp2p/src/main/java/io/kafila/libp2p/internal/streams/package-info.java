/**
 * Small messages over streams: reads of exact and of length-prefixed byte arrays, and deadlines.
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.streams.StreamReader}. For control protocols whose messages are small; bulk
 * data is read as payloads. Confined to the event loop of the stream's connection.
 */
@NullMarked
package io.kafila.libp2p.internal.streams;

import org.jspecify.annotations.NullMarked;

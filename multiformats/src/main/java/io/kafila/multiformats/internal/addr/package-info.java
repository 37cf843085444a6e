/**
 * How the values of a {@link io.kafila.multiformats.Multiaddr}'s components are written as bytes and as text.
 *
 * <p>{@link io.kafila.multiformats.internal.addr.ValueCodec} is one such pair of forms;
 * {@link io.kafila.multiformats.Protocol} says which protocol has which. Everything here is stateless.
 */
@NullMarked
package io.kafila.multiformats.internal.addr;

import org.jspecify.annotations.NullMarked;

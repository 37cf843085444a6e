/**
 * What the public values share: the payload over buffers and small helpers for bytes.
 *
 * <p>Nobody outside the module uses these types; enter at {@link io.kafila.multiformats.Payload} and
 * {@link io.kafila.multiformats.Multihash}. Everything here is stateless or immutable, except the owner count of a
 * payload, which is atomic.
 */
@NullMarked
package io.kafila.multiformats.internal;

import org.jspecify.annotations.NullMarked;

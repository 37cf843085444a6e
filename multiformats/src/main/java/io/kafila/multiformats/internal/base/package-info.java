/**
 * The encodings behind {@link io.kafila.multiformats.Multibase}, one class for each way of turning bytes into text.
 *
 * <p>{@link io.kafila.multiformats.internal.base.BitBase} cuts bytes into groups of bits (base2 to base64),
 * {@link io.kafila.multiformats.internal.base.RadixBase} treats them as one large number (base10, base36, base58), the
 * others are what their names say. Every class is immutable and works on text without the multibase prefix.
 */
@NullMarked
package io.kafila.multiformats.internal.base;

import org.jspecify.annotations.NullMarked;

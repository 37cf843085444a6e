/**
 * The hash algorithms behind {@link io.kafila.multiformats.HashFunction}: those of the JDK, those of Bouncy Castle, and
 * the few that neither has.
 *
 * <p>{@link io.kafila.multiformats.internal.hash.DigestEngine} is what an algorithm looks like from outside. Engines
 * are confined to the thread that made them.
 */
@NullMarked
package io.kafila.multiformats.internal.hash;

import org.jspecify.annotations.NullMarked;

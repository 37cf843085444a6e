/**
 * Kafila against the real ones: a pinned Kubo and a pinned Helia, on loopback, with empty bootstrap lists.
 *
 * <p>The system properties {@code kafila.interop.kubo} (the {@code ipfs} binary) and {@code kafila.interop.helia} (the
 * folder in which {@code npm ci} ran) say where they are; tests skip with a reason where they are absent, and fail under
 * {@code CI=true}. Nothing depends on this module, so it also holds the test of the arrows between all others.
 */
@NullMarked
package io.kafila.interop;

import org.jspecify.annotations.NullMarked;

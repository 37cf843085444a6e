/**
 * The secure channel {@code /noise}: Noise_XX_25519_ChaChaPoly_SHA256 with libp2p's proof of identity (libp2p/specs noise).
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.security.noise.NoiseUpgrader}. Below it lie two brains without I/O: the
 * pattern XX itself, and {@link io.kafila.libp2p.internal.security.noise.NoiseHandshake} with libp2p's payload; and two
 * Netty handlers: one drives the handshake, the other seals and opens frames. All but the upgrader are confined to one
 * connection's event loop.
 */
@NullMarked
package io.kafila.libp2p.internal.security.noise;

import org.jspecify.annotations.NullMarked;

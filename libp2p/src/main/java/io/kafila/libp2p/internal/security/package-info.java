/**
 * Secure channels: what turns a raw Netty pipeline into one that carries plaintext to and from a peer whose identity is
 * proved.
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.security.SecureChannelUpgrader}; its implementations are Noise XX in
 * {@code noise} and TLS 1.3 in {@code tls}. Upgraders are thread-safe and serve all connections of a host; what they put
 * into a pipeline is confined to the channel's event loop. They read only when the channel does: with autoRead off
 * they ask for exactly the bytes that the handshake needs.
 */
@NullMarked
package io.kafila.libp2p.internal.security;

import org.jspecify.annotations.NullMarked;

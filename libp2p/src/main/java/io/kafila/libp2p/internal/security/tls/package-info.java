/**
 * The secure channel {@code /tls/1.0.0}: TLS 1.3 with libp2p's proof of identity in a self-signed certificate (libp2p/specs
 * tls) and the muxer chosen by ALPN (connections/inlined-muxer-negotiation).
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.security.tls.TlsUpgrader}. The engine is BoringSSL through Netty where its
 * native library loads, else the JDK's; {@link io.kafila.libp2p.internal.security.tls.CertificateVerifier} is the brain that
 * both ask. Sessions are never resumed: a resumed one would skip the certificates, and a handshake that did not verify
 * one fails.
 */
@NullMarked
package io.kafila.libp2p.internal.security.tls;

import org.jspecify.annotations.NullMarked;

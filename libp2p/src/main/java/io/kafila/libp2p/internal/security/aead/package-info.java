/**
 * ChaCha20-Poly1305 (RFC 8439) by the fastest provider at hand: the system's OpenSSL on processors that it has wider code
 * for, else Conscrypt's BoringSSL where its native library loads, else the JDK's own, else Bouncy Castle in pure Java.
 *
 * <p>Enter at {@link io.kafila.libp2p.internal.security.aead.AeadSuite#fastest}. A suite is thread-safe; each
 * {@link io.kafila.libp2p.internal.security.aead.AeadCipher} it makes holds one key for one direction and is confined to
 * one thread. Conscrypt is used as an instance and never registered with the JVM.
 */
@NullMarked
package io.kafila.libp2p.internal.security.aead;

import org.jspecify.annotations.NullMarked;

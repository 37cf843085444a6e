/**
 * The four kinds of keys behind {@link io.kafila.multiformats.PublicKey} and {@link io.kafila.multiformats.PrivateKey}.
 *
 * <p>{@link io.kafila.multiformats.internal.key.KeyScheme} is one kind: how its keys are read, made and used. Ed25519 and
 * the elliptic curves are Bouncy Castle's lightweight implementations, RSA is the JDK's. Keys are immutable.
 * {@link io.kafila.multiformats.internal.key.KeyProtobuf} is the envelope that names the kind (libp2p specs, peer-ids).
 */
@NullMarked
package io.kafila.multiformats.internal.key;

import org.jspecify.annotations.NullMarked;

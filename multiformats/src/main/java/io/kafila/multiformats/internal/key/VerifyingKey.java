package io.kafila.multiformats.internal.key;

/** The public half of a key pair of some kind. */
public interface VerifyingKey {
    /** A copy of the key in the form that its protobuf holds. */
    byte[] raw();

    /** The key as a DER SubjectPublicKeyInfo. */
    byte[] spki();

    /** Whether {@code signature} is one of this key for {@code message}; a malformed one is not. */
    boolean verify(byte[] message, byte[] signature);
}

package io.kafila.multiformats.internal.key;

/** The private half of a key pair of some kind. */
public interface SigningKey {
    /** A copy of the key in the form that its protobuf holds. */
    byte[] raw();

    VerifyingKey verifyingKey();

    byte[] sign(byte[] message);
}

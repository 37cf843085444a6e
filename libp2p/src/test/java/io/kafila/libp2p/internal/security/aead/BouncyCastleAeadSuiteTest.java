package io.kafila.libp2p.internal.security.aead;

class BouncyCastleAeadSuiteTest extends AeadCipherContract {
    @Override
    AeadSuite suite() {
        return new BouncyCastleAeadSuite();
    }
}

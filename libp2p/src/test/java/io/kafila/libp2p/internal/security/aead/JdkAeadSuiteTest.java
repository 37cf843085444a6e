package io.kafila.libp2p.internal.security.aead;

class JdkAeadSuiteTest extends AeadCipherContract {
    @Override
    AeadSuite suite() {
        return JdkAeadSuite.load().orElseThrow();
    }
}

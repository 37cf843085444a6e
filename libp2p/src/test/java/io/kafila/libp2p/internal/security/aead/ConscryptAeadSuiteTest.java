package io.kafila.libp2p.internal.security.aead;

import io.kafila.testkit.Fixtures;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

class ConscryptAeadSuiteTest extends AeadCipherContract {
    private AeadSuite suite = new BouncyCastleAeadSuite();

    @BeforeEach
    void load() {
        Optional<AeadSuite> loaded = ConscryptAeadSuite.load();
        Fixtures.require(loaded.isPresent(), "Conscrypt has no native library for this platform");
        suite = loaded.orElseThrow();
    }

    @Override
    AeadSuite suite() {
        return suite;
    }
}

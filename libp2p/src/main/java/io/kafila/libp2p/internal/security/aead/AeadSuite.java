package io.kafila.libp2p.internal.security.aead;

import java.util.ArrayList;
import java.util.List;

/**
 * A provider of ChaCha20-Poly1305. Thread-safe.
 *
 * <p>Conscrypt comes first on every JDK: it does about 2 GB/s on any processor. The JDK's own cipher equals it only from
 * 21 on and where the processor has AVX-512; with AVX2 alone it does a fifth, and before 21 a tenth. Bouncy Castle does
 * somewhat less than that. {@code AeadSpeed} among the tests measures them.
 */
public interface AeadSuite {

    String name();

    AeadCipher sealer(byte[] key);

    AeadCipher opener(byte[] key);

    /** The fastest suite that works in this JVM; each candidate proves itself by a known answer first. */
    static AeadSuite fastest() {
        return available().get(0);
    }

    /** All suites that work in this JVM, the fastest first; the pure Java one is always among them. */
    static List<AeadSuite> available() {
        List<AeadSuite> suites = new ArrayList<>();
        ConscryptAeadSuite.load().ifPresent(suites::add);
        JdkAeadSuite.load().ifPresent(suites::add);
        suites.add(new BouncyCastleAeadSuite());
        return List.copyOf(suites);
    }
}

package io.kafila.libp2p.internal.security.aead;

import java.util.List;

/**
 * A provider of ChaCha20-Poly1305. Thread-safe.
 *
 * <p>The system's OpenSSL comes first where the processor has AVX-512, for which it has code of its own that does half as much
 * again as Conscrypt's; on other processors Conscrypt does a little more and comes first. The JDK's own cipher equals that only
 * from 21 on and where the processor has AVX-512; with AVX2 alone it does a fifth, and before 21 a tenth. Bouncy Castle does
 * somewhat less than that. {@code AeadSpeed} among the tests measures them.
 */
public interface AeadSuite {

    String name();

    AeadCipher sealer(byte[] key);

    AeadCipher opener(byte[] key);

    /**
     * The fastest suite that works in this JVM; each candidate proves itself by a known answer first. The first call loads
     * native libraries, which blocks for less than a tenth of a second; nothing is loaded before it. A host that speaks Noise makes
     * that call as it starts, in a thread that may block.
     */
    static AeadSuite fastest() {
        return AeadChoice.fastest();
    }

    /** All suites that work in this JVM, the fastest first; the pure Java one is always among them. */
    static List<AeadSuite> available() {
        return AeadChoice.working().toList();
    }
}

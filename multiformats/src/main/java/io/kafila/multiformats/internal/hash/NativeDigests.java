package io.kafila.multiformats.internal.hash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.HexFormat;
import java.util.Optional;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * The digests of BoringSSL by way of Conscrypt. They are as fast in the first second as the JDK's are once its second compiler
 * has seen them, so that a process may do without that compiler.
 *
 * <p>The library is loaded by the first digest; the provider is used as an instance and never registered with the JVM.
 */
final class NativeDigests {
    private static final @Nullable Provider PROVIDER = load();

    private NativeDigests() {}

    /** The algorithm at work, unless the library does not load on this platform or has no such algorithm. */
    static Optional<MessageDigest> find(String algorithm) {
        if (PROVIDER == null || PROVIDER.getService("MessageDigest", algorithm) == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(MessageDigest.getInstance(algorithm, PROVIDER));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("hash: Conscrypt names " + algorithm + " and does not give it", e);
        }
    }

    private static @Nullable Provider load() {
        try {
            Provider provider = Conscrypt.newProvider();
            return knowsTheAnswer(provider) ? provider : null;
        } catch (LinkageError | RuntimeException | NoSuchAlgorithmException e) {
            // A platform without the library: the JDK's digests give the same, and the launcher leaves it both
            // compilers.
            return null;
        }
    }

    /** FIPS 180-4's example of SHA-256, without which no digest of the library is trusted. */
    private static boolean knowsTheAnswer(Provider provider) throws NoSuchAlgorithmException {
        byte[] answer =
                MessageDigest.getInstance("SHA-256", provider).digest("abc".getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of()
                .formatHex(answer)
                .equals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}

package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The handshakes under way, by their engine: whom each expects and whom it has verified. The trust manager, which serves all
 * engines of a host, finds its handshake here. Thread-safe.
 */
final class PendingHandshakes {

    /** One handshake; written by the engine's thread, read after by the same. */
    static final class Handshake {
        private final @Nullable PeerId expectedPeer;
        private volatile @Nullable PublicKey verified;
        private volatile @Nullable HandshakeException failure;

        Handshake(@Nullable PeerId expectedPeer) {
            this.expectedPeer = expectedPeer;
        }

        /** The peer's key, once its certificate was verified; {@code null} if that never happened. */
        @Nullable
        PublicKey verified() {
            return verified;
        }

        /** Why the certificate was refused, if it was. */
        @Nullable
        HandshakeException failure() {
            return failure;
        }
    }

    private final CertificateVerifier verifier = new CertificateVerifier();
    private final Clock clock;
    private final Map<SSLEngine, Handshake> byEngine = new ConcurrentHashMap<>();

    PendingHandshakes(Clock clock) {
        this.clock = clock;
    }

    Handshake add(SSLEngine engine, @Nullable PeerId expectedPeer) {
        Handshake handshake = new Handshake(expectedPeer);
        byEngine.put(engine, handshake);
        return handshake;
    }

    void remove(SSLEngine engine) {
        byEngine.remove(engine);
    }

    int size() {
        return byEngine.size();
    }

    /** Verifies the certificates that the peer of {@code engine} presents. */
    void verify(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        Handshake handshake = byEngine.get(engine);
        if (handshake == null) {
            throw new CertificateException("tls: certificates outside of a handshake");
        }
        try {
            handshake.verified = verifier.verify(encoded(chain), handshake.expectedPeer, clock.instant());
        } catch (HandshakeException e) {
            handshake.failure = e;
            throw new CertificateException(e.getMessage(), e);
        }
    }

    private static List<byte[]> encoded(X509Certificate[] chain) throws CertificateEncodingException {
        List<byte[]> encoded = new ArrayList<>(chain.length);
        for (X509Certificate certificate : chain) {
            encoded.add(certificate.getEncoded());
        }
        return encoded;
    }
}

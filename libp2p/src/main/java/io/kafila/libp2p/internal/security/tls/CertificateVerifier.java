package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;

/**
 * What decides whom a peer's certificate authenticates (libp2p/specs tls, "Peer Authentication"), without I/O: exactly one
 * certificate, valid now, signed by itself, vouched for by an identity, without critical extensions that are not
 * understood. Stateless.
 */
public final class CertificateVerifier {
    private static final Set<ASN1ObjectIdentifier> UNDERSTOOD =
            Set.of(SignedKeyExtension.OID, Extension.basicConstraints, Extension.keyUsage);

    /**
     * The key of the peer that presents {@code chain}, a list of DER certificates.
     *
     * @param expectedPeer who it must be, or {@code null} for anyone
     * @throws HandshakeException if the chain proves no identity, or another than the expected one
     */
    public PublicKey verify(List<byte[]> chain, @Nullable PeerId expectedPeer, Instant now) {
        if (chain.size() != 1) {
            throw refused(chain.size() + " certificates, want exactly one");
        }
        PublicKey key = identity(PeerCertificate.decode(chain.get(0)), now);
        if (expectedPeer != null && !expectedPeer.matches(key)) {
            throw new HandshakeException(
                    Kind.WRONG_PEER, "tls: peer id mismatch: the peer is " + key.peerId() + ", want " + expectedPeer);
        }
        return key;
    }

    private static PublicKey identity(PeerCertificate certificate, Instant now) {
        try {
            checkDates(certificate, now);
            Extension keyExtension = checkExtensions(certificate);
            SelfSignature.verify(certificate);
            return SignedKeyExtension.verify(keyExtension.getExtnValue().getOctets(), certificate.encodedKey());
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            // Bouncy Castle decodes parts only when they are asked for.
            throw undecodable(e);
        }
    }

    private static HandshakeException undecodable(Exception cause) {
        return new HandshakeException(Kind.MALFORMED, "tls: certificate does not decode: " + cause.getMessage(), cause);
    }

    private static void checkDates(PeerCertificate certificate, Instant now) {
        Instant start = certificate.notBefore();
        Instant end = certificate.notAfter();
        if (now.isBefore(start) || now.isAfter(end)) {
            throw refused("valid from " + start + " to " + end + ", now is " + now);
        }
    }

    private static Extension checkExtensions(PeerCertificate certificate) {
        Extensions extensions = certificate.extensions();
        if (extensions == null) {
            throw refused("no extensions, want the key extension");
        }
        for (ASN1ObjectIdentifier critical : extensions.getCriticalExtensionOIDs()) {
            if (!UNDERSTOOD.contains(critical)) {
                throw refused("unknown critical extension " + critical);
            }
        }
        KeyUsage usage = KeyUsage.fromExtensions(extensions);
        if (usage != null && !usage.hasUsages(KeyUsage.digitalSignature)) {
            throw refused("key usage without digitalSignature");
        }
        Extension keyExtension = extensions.getExtension(SignedKeyExtension.OID);
        if (keyExtension == null) {
            throw refused("no key extension " + SignedKeyExtension.OID);
        }
        return keyExtension;
    }

    private static HandshakeException refused(String what) {
        return new HandshakeException(Kind.BAD_IDENTITY, "tls: certificate: " + what);
    }
}

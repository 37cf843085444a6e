package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an X.509 certificate (RFC 5280, section 4.1) that libp2p looks at. The names are not among them: rust-libp2p
 * leaves them empty, which Bouncy Castle's and the JDK's own certificate classes refuse.
 *
 * @param signed what the signature is over, in DER
 * @param innerAlgorithm the algorithm that {@code signed} names
 * @param outerAlgorithm the algorithm that stands beside the signature
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record PeerCertificate(
        byte[] signed,
        AlgorithmIdentifier innerAlgorithm,
        AlgorithmIdentifier outerAlgorithm,
        byte[] signature,
        Instant notBefore,
        Instant notAfter,
        SubjectPublicKeyInfo subjectPublicKeyInfo,
        @Nullable Extensions extensions) {

    /** The longest certificate: an identity of RSA 8192 and a key of the same size fit. */
    static final int MAX_BYTES = 16 * 1024;

    private static final int VERSION_TAG = 0;
    private static final int EXTENSIONS_TAG = 3;
    private static final int VERSION_3 = 2;

    /** @throws HandshakeException if {@code der} is too long or no certificate of version 3 in DER */
    static PeerCertificate decode(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new HandshakeException(
                    Kind.TOO_LARGE, "tls: certificate of " + der.length + " bytes, want at most " + MAX_BYTES);
        }
        try {
            ASN1Primitive object = ASN1Primitive.fromByteArray(der);
            if (!(object instanceof ASN1Sequence certificate)
                    || !Arrays.equals(certificate.getEncoded(ASN1Encoding.DER), der)) {
                throw new IllegalArgumentException("not a sequence in DER");
            }
            return read(certificate);
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle answers hostile bytes with many kinds of unchecked exception.
            throw new HandshakeException(Kind.MALFORMED, "tls: certificate does not decode: " + e.getMessage(), e);
        }
    }

    byte[] encodedKey() {
        try {
            return subjectPublicKeyInfo.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new HandshakeException(Kind.MALFORMED, "tls: certificate key does not encode", e);
        }
    }

    private static PeerCertificate read(ASN1Sequence certificate) throws IOException {
        requireSize(certificate, 3, 3);
        ASN1Sequence body = ASN1Sequence.getInstance(certificate.getObjectAt(0));
        requireSize(body, 7, 10);
        ASN1TaggedObject version =
                ASN1TaggedObject.getInstance(body.getObjectAt(0), BERTags.CONTEXT_SPECIFIC, VERSION_TAG);
        if (!ASN1Integer.getInstance(version, true).hasValue(VERSION_3)) {
            throw new IllegalArgumentException("not of version 3");
        }
        ASN1Sequence validity = ASN1Sequence.getInstance(body.getObjectAt(4));
        requireSize(validity, 2, 2);
        return new PeerCertificate(
                body.getEncoded(ASN1Encoding.DER),
                AlgorithmIdentifier.getInstance(body.getObjectAt(2)),
                AlgorithmIdentifier.getInstance(certificate.getObjectAt(1)),
                ASN1BitString.getInstance(certificate.getObjectAt(2)).getOctets(),
                Time.getInstance(validity.getObjectAt(0)).getDate().toInstant(),
                Time.getInstance(validity.getObjectAt(1)).getDate().toInstant(),
                SubjectPublicKeyInfo.getInstance(body.getObjectAt(6)),
                extensions(body));
    }

    private static @Nullable Extensions extensions(ASN1Sequence body) {
        Extensions found = null;
        for (int i = 7; i < body.size(); i++) {
            ASN1TaggedObject field = ASN1TaggedObject.getInstance(body.getObjectAt(i), BERTags.CONTEXT_SPECIFIC);
            if (field.getTagNo() == EXTENSIONS_TAG) {
                if (found != null) {
                    throw new IllegalArgumentException("extensions twice");
                }
                found = Extensions.getInstance(ASN1Sequence.getInstance(field, true));
            }
        }
        return found;
    }

    private static void requireSize(ASN1Sequence sequence, int least, int most) {
        if (sequence.size() < least || sequence.size() > most) {
            throw new IllegalArgumentException(
                    "sequence of " + sequence.size() + " elements, want " + least + " to " + most);
        }
    }
}

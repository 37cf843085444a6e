package io.kafila.libp2p.internal.security.tls;

import io.kafila.libp2p.internal.security.HandshakeException;
import io.kafila.libp2p.internal.security.HandshakeException.Kind;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PrivateKey;
import io.kafila.multiformats.PublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.jspecify.annotations.Nullable;

/**
 * The certificate extension by which an identity vouches for the certificate's key: SEQUENCE of the identity's protobuf and
 * its signature, both OCTET STRING (libp2p/specs tls, "libp2p Public Key Extension").
 */
final class SignedKeyExtension {
    static final ASN1ObjectIdentifier OID = new ASN1ObjectIdentifier("1.3.6.1.4.1.53594.1.1");

    private static final byte[] SIGNATURE_PREFIX = "libp2p-tls-handshake:".getBytes(StandardCharsets.US_ASCII);

    private SignedKeyExtension() {}

    /** The value of the extension for a certificate whose key is {@code subjectPublicKeyInfo}. */
    static ASN1Encodable create(PrivateKey identity, byte[] subjectPublicKeyInfo) {
        return new DERSequence(new ASN1Encodable[] {
            new DEROctetString(identity.publicKey().protobuf()),
            new DEROctetString(identity.sign(signed(subjectPublicKeyInfo)))
        });
    }

    /**
     * The identity that vouches for {@code subjectPublicKeyInfo}.
     *
     * @throws HandshakeException if {@code value} is no such extension or the signature is wrong
     */
    static PublicKey verify(byte[] value, byte[] subjectPublicKeyInfo) {
        byte[][] parts = decode(value);
        PublicKey key;
        try {
            key = PublicKey.decode(parts[0]);
        } catch (MultiformatException e) {
            throw new HandshakeException(Kind.BAD_IDENTITY, "tls: identity key: " + e.getMessage(), e);
        }
        if (!key.verify(signed(subjectPublicKeyInfo), parts[1])) {
            throw new HandshakeException(
                    Kind.BAD_IDENTITY, "tls: signature of " + key.peerId() + " over its certificate's key is wrong");
        }
        return key;
    }

    private static byte[][] decode(byte[] value) {
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(value));
            if (sequence.size() == 2) {
                return new byte[][] {octets(sequence, 0), octets(sequence, 1)};
            }
            throw malformed("a sequence of " + sequence.size() + " elements, want 2", null);
        } catch (IOException | RuntimeException e) {
            if (e instanceof HandshakeException known) {
                throw known;
            }
            throw malformed("not a SignedKey: " + e.getMessage(), e);
        }
    }

    private static byte[] octets(ASN1Sequence sequence, int index) {
        return ASN1OctetString.getInstance(sequence.getObjectAt(index)).getOctets();
    }

    private static HandshakeException malformed(String what, @Nullable Throwable cause) {
        return new HandshakeException(Kind.BAD_IDENTITY, "tls: key extension: " + what, cause);
    }

    private static byte[] signed(byte[] subjectPublicKeyInfo) {
        byte[] message = Arrays.copyOf(SIGNATURE_PREFIX, SIGNATURE_PREFIX.length + subjectPublicKeyInfo.length);
        System.arraycopy(subjectPublicKeyInfo, 0, message, SIGNATURE_PREFIX.length, subjectPublicKeyInfo.length);
        return message;
    }
}

package io.kafila.multiformats.internal.key;

import io.kafila.multiformats.KeyType;
import io.kafila.multiformats.MultiformatException;
import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.util.BigIntegers;

/** Private keys as other programs pass them on: DER PrivateKeyInfo (RFC 5208), for Ed25519 by RFC 8410. */
public final class Pkcs8 {
    /** RFC 8410, section 3. */
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

    private static final int SECP256K1_BITS = 256;
    private static final int SECP256K1_BYTES = SECP256K1_BITS / 8;
    private static final int SEED_BYTES = Ed25519PrivateKeyParameters.KEY_SIZE;

    private Pkcs8() {}

    /** @param raw in the form that the key's protobuf holds */
    public static byte[] encode(KeyType type, byte[] raw) {
        try {
            PrivateKeyInfo info = switch (type) {
                case ED25519 ->
                    new PrivateKeyInfo(
                            new AlgorithmIdentifier(ED25519), new DEROctetString(Arrays.copyOf(raw, SEED_BYTES)));
                case RSA ->
                    new PrivateKeyInfo(
                            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                            ASN1Primitive.fromByteArray(raw));
                case ECDSA -> {
                    ECPrivateKey key = ECPrivateKey.getInstance(raw);
                    yield curve(key.getParametersObject(), key);
                }
                case SECP256K1 ->
                    curve(
                            SECObjectIdentifiers.secp256k1,
                            new ECPrivateKey(SECP256K1_BITS, BigIntegers.fromUnsignedByteArray(raw)));
            };
            return info.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("pkcs8: cannot encode a key", e);
        }
    }

    private static PrivateKeyInfo curve(ASN1Encodable name, ECPrivateKey key) throws IOException {
        return new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, name), key);
    }

    /**
     * A key and its kind.
     *
     * @param raw in the form that the key's protobuf holds
     */
    @SuppressWarnings("ArrayRecordComponent") // made and read once, never compared
    public record Raw(KeyType type, byte[] raw) {}

    /** @throws MultiformatException if {@code der} is no key of a known kind; whether its numbers fit is not checked */
    public static Raw decode(byte[] der) {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(ASN1Primitive.fromByteArray(der));
            ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
            if (algorithm.equals(ED25519)) {
                byte[] seed =
                        ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
                if (seed.length != SEED_BYTES) {
                    throw new MultiformatException("pkcs8: seed of " + seed.length + " bytes, want " + SEED_BYTES);
                }
                byte[] raw = Arrays.copyOf(seed, 2 * SEED_BYTES);
                new Ed25519PrivateKeyParameters(seed).generatePublicKey().encode(raw, SEED_BYTES);
                return new Raw(KeyType.ED25519, raw);
            }
            if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
                return new Raw(
                        KeyType.RSA, info.parsePrivateKey().toASN1Primitive().getEncoded(ASN1Encoding.DER));
            }
            if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                return ofCurve(
                        info.getPrivateKeyAlgorithm().getParameters(),
                        ECPrivateKey.getInstance(info.parsePrivateKey()));
            }
            throw new MultiformatException(
                    "pkcs8: algorithm " + algorithm + ", want Ed25519, RSA or an elliptic curve");
        } catch (MultiformatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new MultiformatException("pkcs8: no PrivateKeyInfo", e);
        }
    }

    private static Raw ofCurve(ASN1Encodable name, ECPrivateKey key) throws IOException {
        if (SECObjectIdentifiers.secp256k1.equals(name)) {
            return new Raw(KeyType.SECP256K1, BigIntegers.asUnsignedByteArray(SECP256K1_BYTES, key.getKey()));
        }
        // The envelope names the curve; the key within it need not do it again, but that of a protobuf must.
        return new Raw(
                KeyType.ECDSA,
                new ECPrivateKey(numberBits(key), key.getKey(), key.getPublicKey(), name).getEncoded(ASN1Encoding.DER));
    }

    /** The length at which the number is written: that of the curve's order in whole bytes. */
    private static int numberBits(ECPrivateKey key) {
        ASN1Sequence fields = ASN1Sequence.getInstance(key.toASN1Primitive());
        return ASN1OctetString.getInstance(fields.getObjectAt(1)).getOctets().length * Byte.SIZE;
    }
}

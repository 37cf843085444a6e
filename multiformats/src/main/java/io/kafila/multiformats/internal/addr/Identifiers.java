package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.Multihash;
import io.kafila.multiformats.PeerId;

/** Values that are multihashes. */
public final class Identifiers {
    private Identifiers() {}

    /** A PeerId: base58btc or a Cid when read, base58btc when written. */
    public static final class Peer implements ValueCodec {
        @Override
        public byte[] parse(String text) {
            return PeerId.parse(text).bytes();
        }

        @Override
        public String format(byte[] value) {
            return PeerId.decode(value).toString();
        }

        @Override
        public void check(byte[] value) {
            PeerId.decode(value);
        }
    }

    /** The multihash of a certificate: any base when read, base64url when written. */
    public static final class CertificateHash implements ValueCodec {
        @Override
        public byte[] parse(String text) {
            return Multibase.decode(text);
        }

        @Override
        public String format(byte[] value) {
            return Multibase.BASE64URL.encode(value);
        }

        @Override
        public void check(byte[] value) {
            Multihash.decode(value);
        }
    }
}

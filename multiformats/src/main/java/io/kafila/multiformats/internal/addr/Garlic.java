package io.kafila.multiformats.internal.addr;

import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.internal.base.BitBase;

/** The two forms of I2P destinations. */
public final class Garlic {
    private static final int DESTINATION_BYTES = 386;
    private static final int HASH_BYTES = 32;
    private static final int ENCRYPTED_LEASE_SET_BYTES = 35;

    private Garlic() {}

    /** A whole destination, 386 bytes or more, in I2P's own base64. */
    public static final class Base64 implements ValueCodec {
        private static final BitBase BASE = new BitBase(
                "garlic64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~", false, true);

        @Override
        public byte[] parse(String text) {
            return BASE.decode(text);
        }

        @Override
        public String format(byte[] value) {
            return BASE.encode(value);
        }

        @Override
        public void check(byte[] value) {
            if (value.length < DESTINATION_BYTES) {
                throw new MultiformatException(
                        "garlic64: " + value.length + " bytes, want at least " + DESTINATION_BYTES);
            }
        }
    }

    /** The hash of a destination, 32 bytes, or an encrypted lease set, 35 bytes or more, in base32 without padding. */
    public static final class Base32 implements ValueCodec {
        private static final BitBase BASE = new BitBase("garlic32", "abcdefghijklmnopqrstuvwxyz234567", false, false);

        @Override
        public byte[] parse(String text) {
            // Addresses in use carry other bits than zeros after the last byte.
            return BASE.decodeAnyTail(text);
        }

        @Override
        public String format(byte[] value) {
            return BASE.encode(value);
        }

        @Override
        public void check(byte[] value) {
            if (value.length != HASH_BYTES && value.length < ENCRYPTED_LEASE_SET_BYTES) {
                throw new MultiformatException("garlic32: " + value.length + " bytes, want " + HASH_BYTES
                        + " or at least " + ENCRYPTED_LEASE_SET_BYTES);
            }
        }
    }
}

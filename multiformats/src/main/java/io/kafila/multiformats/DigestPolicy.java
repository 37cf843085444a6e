package io.kafila.multiformats;

/**
 * Which digests are trusted to name a block: sound functions only, of at least {@value #MIN_DIGEST_BYTES} bytes.
 *
 * <p>The list is that of boxo's verifcid, so that no block that Kubo serves is refused here and none that it refuses is
 * accepted: sha2-256, sha2-512, shake-256, dbl-sha2-256, sha3, keccak, blake3, blake2b and blake2s from 160 bits on,
 * sha1 for the sake of git, and identity, whose digest is the block.
 */
public final class DigestPolicy {
    /** The shortest digest of a function that hashes. */
    public static final int MIN_DIGEST_BYTES = 20;

    /** The longest content in an identity digest. */
    public static final int MAX_IDENTITY_BYTES = 128;

    private static final int BLAKE2B_160 = 0xb214;
    private static final int BLAKE2B_512 = 0xb240;
    private static final int BLAKE2S_160 = 0xb254;
    private static final int BLAKE2S_256 = 0xb260;

    private DigestPolicy() {}

    /** @throws MultiformatException in the words of verifcid, if the function or the length is not allowed */
    public static void check(Multihash multihash) {
        check(multihash.code(), multihash.length());
    }

    /** @throws MultiformatException in the words of verifcid, if the function or the length is not allowed */
    public static void check(Cid cid) {
        check(cid.multihash());
    }

    /** @throws MultiformatException in the words of verifcid, if the function or the length is not allowed */
    public static void check(Cid.Prefix prefix) {
        check(prefix.hashFunction(), prefix.hashLength());
    }

    /** Whether a digest of this function may name a block, if it is long enough. */
    public static boolean isAllowed(long code) {
        if (code < 0 || code > BLAKE2S_256) {
            return false;
        }
        return switch ((int) code) {
            case 0x00, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x56 -> true;
            default -> (code >= BLAKE2B_160 && code <= BLAKE2B_512) || code >= BLAKE2S_160;
        };
    }

    private static void check(long code, int length) {
        if (!isAllowed(code)) {
            throw new MultiformatException("potentially insecure hash functions not allowed");
        }
        boolean identity = code == HashFunction.IDENTITY.code();
        int min = identity ? 0 : MIN_DIGEST_BYTES;
        int max = identity ? MAX_IDENTITY_BYTES : Multihash.MAX_DIGEST_BYTES;
        if (length < min) {
            throw new MultiformatException(
                    "digest too small: " + nameOf(code) + " digest got " + length + " bytes, minimum " + min);
        }
        if (length > max) {
            throw tooLarge(code, length, max);
        }
        int longest = longest(code);
        if (length > longest) {
            throw tooLarge(code, length, longest);
        }
    }

    private static MultiformatException tooLarge(long code, int length, int max) {
        return new MultiformatException(
                "digest too large: " + nameOf(code) + " digest got " + length + " bytes, maximum " + max);
    }

    /** No block has a digest that is longer than its function gives. */
    private static int longest(long code) {
        return HashFunction.byCode(code).map(HashFunction::maxLength).orElse(Multihash.MAX_DIGEST_BYTES);
    }

    private static String nameOf(long code) {
        return Multicodec.byCode(code).map(Multicodec::name).orElse("0x" + Long.toHexString(code));
    }
}

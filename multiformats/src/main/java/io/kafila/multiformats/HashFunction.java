package io.kafila.multiformats;

import io.kafila.multiformats.internal.hash.BouncyEngine;
import io.kafila.multiformats.internal.hash.DigestEngine;
import io.kafila.multiformats.internal.hash.DoubleSha256Engine;
import io.kafila.multiformats.internal.hash.IdentityEngine;
import io.kafila.multiformats.internal.hash.JcaEngine;
import io.kafila.multiformats.internal.hash.Murmur3X32;
import io.kafila.multiformats.internal.hash.Murmur3X64;
import io.kafila.multiformats.internal.hash.Trunc254Engine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.digests.MD4Digest;
import org.bouncycastle.crypto.digests.RIPEMD128Digest;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;
import org.bouncycastle.crypto.digests.RIPEMD256Digest;
import org.bouncycastle.crypto.digests.RIPEMD320Digest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.digests.SM3Digest;

/**
 * A hash function of the multicodec table that this node can compute. Which of them may name a block is the business of
 * {@link DigestPolicy}.
 *
 * <p>Immutable; each digest makes its own {@link Hasher}. sha1, sha2, and md5 are BoringSSL's where its library loads and else the
 * JDK's, as sha3 always is; the others are Bouncy Castle's.
 */
public final class HashFunction {
    private static final Map<Long, HashFunction> BY_CODE = new LinkedHashMap<>();
    private static final Map<String, HashFunction> BY_NAME = new LinkedHashMap<>();

    /** The message itself; its digest has the message's length, at most {@link Multihash#MAX_DIGEST_BYTES}. */
    public static final HashFunction IDENTITY =
            new HashFunction(0x00, "identity", Length.MESSAGE, 0, () -> new IdentityEngine(Multihash.MAX_DIGEST_BYTES));

    public static final HashFunction SHA1 = jca(0x11, "sha1", 20, "SHA-1");
    public static final HashFunction SHA2_256 = jca(0x12, "sha2-256", 32, "SHA-256");
    public static final HashFunction SHA2_512 = jca(0x13, "sha2-512", 64, "SHA-512");
    public static final HashFunction SHA2_384 = jca(0x20, "sha2-384", 48, "SHA-384");
    public static final HashFunction SHA2_224 = jca(0x1013, "sha2-224", 28, "SHA-224");
    public static final HashFunction SHA2_512_224 = jca(0x1014, "sha2-512-224", 28, "SHA-512/224");
    public static final HashFunction SHA2_512_256 = jca(0x1015, "sha2-512-256", 32, "SHA-512/256");
    public static final HashFunction DBL_SHA2_256 = fixed(0x56, "dbl-sha2-256", 32, DoubleSha256Engine::new);
    /** The hash of Filecoin's pieces. */
    public static final HashFunction SHA2_256_TRUNC254_PADDED =
            fixed(0x1012, "sha2-256-trunc254-padded", 32, Trunc254Engine::new);

    public static final HashFunction SHA3_512 = jca(0x14, "sha3-512", 64, "SHA3-512");
    public static final HashFunction SHA3_384 = jca(0x15, "sha3-384", 48, "SHA3-384");
    public static final HashFunction SHA3_256 = jca(0x16, "sha3-256", 32, "SHA3-256");
    public static final HashFunction SHA3_224 = jca(0x17, "sha3-224", 28, "SHA3-224");
    public static final HashFunction SHAKE_128 =
            free(0x18, "shake-128", 32, () -> new BouncyEngine(new SHAKEDigest(128)));
    public static final HashFunction SHAKE_256 =
            free(0x19, "shake-256", 64, () -> new BouncyEngine(new SHAKEDigest(256)));
    public static final HashFunction KECCAK_224 = keccak(0x1a, 224);
    public static final HashFunction KECCAK_256 = keccak(0x1b, 256);
    public static final HashFunction KECCAK_384 = keccak(0x1c, 384);
    public static final HashFunction KECCAK_512 = keccak(0x1d, 512);
    public static final HashFunction BLAKE3 = free(0x1e, "blake3", 32, () -> new BouncyEngine(new Blake3Digest()));

    /** Places entries in UnixFS directories; the first half of murmur3-x64-128. */
    public static final HashFunction MURMUR3_X64_64 = fixed(0x22, "murmur3-x64-64", 8, () -> new Murmur3X64(8));

    public static final HashFunction MURMUR3_32 = fixed(0x23, "murmur3-32", 4, Murmur3X32::new);
    public static final HashFunction MURMUR3_X64_128 = fixed(0x1022, "murmur3-x64-128", 16, () -> new Murmur3X64(16));
    public static final HashFunction MD4 = fixed(0xd4, "md4", 16, () -> new BouncyEngine(new MD4Digest()));
    public static final HashFunction MD5 = jca(0xd5, "md5", 16, "MD5");
    public static final HashFunction RIPEMD_128 =
            fixed(0x1052, "ripemd-128", 16, () -> new BouncyEngine(new RIPEMD128Digest()));
    public static final HashFunction RIPEMD_160 =
            fixed(0x1053, "ripemd-160", 20, () -> new BouncyEngine(new RIPEMD160Digest()));
    public static final HashFunction RIPEMD_256 =
            fixed(0x1054, "ripemd-256", 32, () -> new BouncyEngine(new RIPEMD256Digest()));
    public static final HashFunction RIPEMD_320 =
            fixed(0x1055, "ripemd-320", 40, () -> new BouncyEngine(new RIPEMD320Digest()));
    public static final HashFunction SM3_256 = fixed(0x534d, "sm3-256", 32, () -> new BouncyEngine(new SM3Digest()));

    static {
        for (int length = 1; length <= 64; length++) {
            int bits = length * 8;
            fixed(0xb200 + length, "blake2b-" + bits, length, () -> new BouncyEngine(new Blake2bDigest(bits)));
        }
        for (int length = 1; length <= 32; length++) {
            int bits = length * 8;
            fixed(0xb240 + length, "blake2s-" + bits, length, () -> new BouncyEngine(new Blake2sDigest(bits)));
        }
    }

    public static final HashFunction BLAKE2B_256 = blake2b(256);
    public static final HashFunction BLAKE2B_512 = blake2b(512);
    public static final HashFunction BLAKE2S_128 = blake2s(128);
    public static final HashFunction BLAKE2S_256 = blake2s(256);

    /** Where the length of a digest comes from. */
    private enum Length {
        /** The function has one length; shorter digests are its beginning. */
        FIXED,
        /** The function gives any length. */
        FREE,
        /** The digest is as long as the message. */
        MESSAGE
    }

    private final long code;
    private final String specName;
    private final Length length;
    private final int defaultLength;
    private final Supplier<DigestEngine> engines;

    private HashFunction(long code, String specName, Length length, int defaultLength, Supplier<DigestEngine> engines) {
        this.code = code;
        this.specName = specName;
        this.length = length;
        this.defaultLength = defaultLength;
        this.engines = engines;
        BY_CODE.put(code, this);
        BY_NAME.put(specName, this);
    }

    /** The number in the multicodec table. */
    public long code() {
        return code;
    }

    /** The name in the multicodec table. */
    public String specName() {
        return specName;
    }

    /** The length in bytes of a digest that nobody asked to be shorter; 0 for {@link #IDENTITY}, which has none. */
    public int defaultLength() {
        return defaultLength;
    }

    /** The longest digest in bytes. */
    public int maxLength() {
        return length == Length.FIXED ? defaultLength : Multihash.MAX_DIGEST_BYTES;
    }

    public Hasher newHasher() {
        return new EngineHasher(this, engines.get());
    }

    public Multihash digest(byte[] message) {
        return newHasher().update(message).multihash();
    }

    /** The digest of what remains in {@code message}, whose position stays. */
    public Multihash digest(ByteBuffer message) {
        return newHasher().update(message.duplicate()).multihash();
    }

    public Multihash digest(List<ByteBuffer> message) {
        return updated(message).multihash();
    }

    public Multihash digest(Payload message) {
        return digest(message.buffers());
    }

    /** The digest cut to {@code length} bytes. */
    public Multihash digest(byte[] message, int length) {
        return newHasher().update(message).multihash(length);
    }

    /** The digest, cut to {@code length} bytes, of what remains in {@code message}, whose position stays. */
    public Multihash digest(ByteBuffer message, int length) {
        return newHasher().update(message.duplicate()).multihash(length);
    }

    public Multihash digest(List<ByteBuffer> message, int length) {
        return updated(message).multihash(length);
    }

    public Multihash digest(Payload message, int length) {
        return digest(message.buffers(), length);
    }

    /** The function of this number, if this node can compute it. */
    public static Optional<HashFunction> byCode(long code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** The function of this name in the multicodec table, or of the old name "sha3", if this node can compute it. */
    public static Optional<HashFunction> byName(String specName) {
        return Optional.ofNullable(BY_NAME.get(specName.equals("sha3") ? "sha3-512" : specName));
    }

    /** Every function that this node can compute. */
    public static Collection<HashFunction> all() {
        return Collections.unmodifiableCollection(BY_CODE.values());
    }

    /** @param bits 8 to 512, in steps of 8 */
    public static HashFunction blake2b(int bits) {
        return byName("blake2b-" + bits)
                .orElseThrow(
                        () -> new IllegalArgumentException("blake2b: " + bits + " bits, want 8 to 512 in steps of 8"));
    }

    /** @param bits 8 to 256, in steps of 8 */
    public static HashFunction blake2s(int bits) {
        return byName("blake2s-" + bits)
                .orElseThrow(
                        () -> new IllegalArgumentException("blake2s: " + bits + " bits, want 8 to 256 in steps of 8"));
    }

    @Override
    public String toString() {
        return specName;
    }

    private Hasher updated(List<ByteBuffer> message) {
        Hasher hasher = newHasher();
        for (ByteBuffer piece : message) {
            hasher.update(piece.duplicate());
        }
        return hasher;
    }

    private static HashFunction jca(long code, String name, int length, String algorithm) {
        return fixed(code, name, length, () -> new JcaEngine(algorithm));
    }

    private static HashFunction keccak(long code, int bits) {
        return fixed(code, "keccak-" + bits, bits / 8, () -> new BouncyEngine(new KeccakDigest(bits)));
    }

    private static HashFunction fixed(long code, String name, int length, Supplier<DigestEngine> engines) {
        return new HashFunction(code, name, Length.FIXED, length, engines);
    }

    private static HashFunction free(long code, String name, int length, Supplier<DigestEngine> engines) {
        return new HashFunction(code, name, Length.FREE, length, engines);
    }

    private record EngineHasher(HashFunction function, DigestEngine engine) implements Hasher {
        @Override
        public Hasher update(byte[] bytes, int offset, int length) {
            engine.update(bytes, offset, length);
            return this;
        }

        @Override
        public Hasher update(ByteBuffer bytes) {
            engine.update(bytes);
            return this;
        }

        @Override
        public byte[] digest(int length) {
            if (length < 0 || length > function.maxLength()) {
                throw new IllegalArgumentException(
                        function.specName + ": digest of " + length + " bytes, want at most " + function.maxLength());
            }
            byte[] digest = engine.digest(length);
            if (function.length == Length.MESSAGE && digest.length != length) {
                throw new IllegalArgumentException(
                        "identity: digest of " + length + " bytes, want the length of the message");
            }
            return digest.length == length ? digest : Arrays.copyOf(digest, length);
        }

        @Override
        public Multihash multihash() {
            byte[] digest = engine.digest(function.defaultLength);
            if (digest.length > Multihash.MAX_DIGEST_BYTES) {
                throw new IllegalArgumentException("digest too large: identity digest got " + digest.length
                        + " bytes, maximum " + Multihash.MAX_DIGEST_BYTES);
            }
            return Multihash.of(function.code, digest);
        }
    }
}

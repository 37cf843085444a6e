package io.kafila.multiformats;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The name of a block: what its bytes hash to, and the codec to read them with.
 *
 * <p>Version 1 is {@code varint 1, varint codec, multihash}, written in any base; version 0 is a bare sha2-256 multihash of
 * a dag-pb block, written in base58btc without prefix. Immutable. Two versions of the same name are not equal. Source:
 * github.com/multiformats/cid.
 */
public final class Cid implements Comparable<Cid> {
    /** The longest encoding that is read, that of boxo's bitswap. */
    public static final int MAX_BYTES = 168;

    /** The longest text that is parsed: {@link #MAX_BYTES} in base2 with its prefix. */
    public static final int MAX_CHARACTERS = 1 + 8 * MAX_BYTES;

    private static final int V0_BYTES = 34;
    private static final int V0_CHARACTERS = 46;

    private final int version;
    private final long codec;
    private final Multihash multihash;
    private final byte[] bytes;
    private final int hash;

    private Cid(int version, long codec, Multihash multihash, byte[] bytes) {
        this.version = version;
        this.codec = codec;
        this.multihash = multihash;
        this.bytes = bytes;
        // All of one node's names differ in the digest; version and codec add little.
        this.hash = multihash.hashCode() * 31 + (int) codec + version;
    }

    /** @throws MultiformatException if {@code multihash} is no full sha2-256 */
    public static Cid v0(Multihash multihash) {
        if (!fitsV0(Multicodec.DAG_PB.code(), multihash)) {
            throw new MultiformatException("cid v0: function 0x" + Long.toHexString(multihash.code()) + " of "
                    + multihash.length() + " bytes, want sha2-256 of 32");
        }
        return new Cid(0, Multicodec.DAG_PB.code(), multihash, multihash.array());
    }

    /** @throws MultiformatException if the encoding would be longer than {@link #MAX_BYTES} */
    public static Cid v1(long codec, Multihash multihash) {
        int size = 1 + Varint.size(codec) + multihash.size();
        requireSize(size);
        ByteBuffer target = ByteBuffer.allocate(size);
        Varint.write(target, 1);
        Varint.write(target, codec);
        target.put(multihash.array());
        return new Cid(1, codec, multihash, target.array());
    }

    public static Cid v1(Multicodec codec, Multihash multihash) {
        return v1(codec.code(), multihash);
    }

    /**
     * The Cid of a text: base58btc of version 0, or version 1 in any base with its prefix. Paths are not read.
     *
     * @throws MultiformatException if {@code text} is neither
     */
    public static Cid parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new MultiformatException("cid: " + text.length() + " characters, want at most " + MAX_CHARACTERS);
        }
        if (text.length() == V0_CHARACTERS && text.startsWith("Qm")) {
            return v0(Multihash.decode(Multibase.BASE58BTC.decodeBare(text)));
        }
        byte[] bytes;
        try {
            bytes = Multibase.decode(text);
        } catch (MultiformatException e) {
            throw new MultiformatException("cid: " + e.getMessage(), e);
        }
        if (isV0(ByteBuffer.wrap(bytes))) {
            throw new MultiformatException("cid: version 0 with a multibase prefix, want none");
        }
        return decode(bytes);
    }

    /** The Cid that {@code bytes} is, with nothing after it. */
    public static Cid decode(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Cid cid = read(source);
        if (source.hasRemaining()) {
            throw new MultiformatException("cid: " + source.remaining() + " bytes after its end, want none");
        }
        return cid;
    }

    /**
     * Reads one Cid at the position of {@code source} and advances it past it.
     *
     * @throws MultiformatException if it is malformed, cut off or too long; the position is then unspecified
     */
    public static Cid read(ByteBuffer source) {
        if (isV0(source)) {
            return v0(Multihash.read(source));
        }
        long version = Varint.read(source);
        if (version != 1) {
            throw new MultiformatException("cid: version " + version + ", want 0 or 1");
        }
        long codec = Varint.read(source);
        return v1(codec, Multihash.read(source));
    }

    /** 0 or 1. */
    public int version() {
        return version;
    }

    /** The number of the block's codec in the multicodec table. */
    public long codec() {
        return codec;
    }

    public Multihash multihash() {
        return multihash;
    }

    /** A copy of the encoding. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** A fresh read-only view of the encoding. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** The length of the encoding in bytes. */
    public int size() {
        return bytes.length;
    }

    /** This name as version 1. */
    public Cid asV1() {
        return version == 1 ? this : v1(codec, multihash);
    }

    /** @throws MultiformatException if this is no full sha2-256 of a dag-pb block */
    public Cid asV0() {
        if (version == 0) {
            return this;
        }
        if (codec != Multicodec.DAG_PB.code()) {
            throw new MultiformatException("cid v0: codec 0x" + Long.toHexString(codec) + ", want dag-pb");
        }
        return v0(multihash);
    }

    /** Everything of this name but the digest. */
    public Prefix prefix() {
        return new Prefix(version, codec, multihash.code(), multihash.length());
    }

    /** Version 0 in base58btc without prefix, version 1 in lower-case base32. */
    @Override
    public String toString() {
        return version == 0 ? multihash.toBase58() : Multibase.BASE32.encode(bytes);
    }

    /** @throws IllegalArgumentException for version 0 in another base than base58btc, its only one */
    public String toString(Multibase base) {
        if (version == 0) {
            if (base != Multibase.BASE58BTC) {
                throw new IllegalArgumentException("cid v0: base " + base.specName() + ", want base58btc");
            }
            return toString();
        }
        return base.encode(bytes);
    }

    /** By the bytes of the encoding, unsigned. */
    @Override
    public int compareTo(Cid other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other == this || (other instanceof Cid that && hash == that.hash && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    private static boolean isV0(ByteBuffer source) {
        int at = source.position();
        return source.remaining() >= 2 && source.get(at) == 0x12 && source.get(at + 1) == V0_BYTES - 2;
    }

    private static boolean fitsV0(long codec, Multihash multihash) {
        return codec == Multicodec.DAG_PB.code()
                && multihash.code() == HashFunction.SHA2_256.code()
                && multihash.size() == V0_BYTES;
    }

    private static void requireSize(int size) {
        if (size > MAX_BYTES) {
            throw new MultiformatException("cid: " + size + " bytes, want at most " + MAX_BYTES);
        }
    }

    /**
     * What a Cid says but for the digest: four varints, as bitswap sends them beside a block.
     *
     * @param version 0 or 1
     * @param codec the number of the block's codec
     * @param hashFunction the number of the hash function
     * @param hashLength the length of the digest in bytes
     */
    public record Prefix(int version, long codec, long hashFunction, int hashLength) {
        public Prefix {
            if (version != 0 && version != 1) {
                throw new MultiformatException("cid prefix: version " + version + ", want 0 or 1");
            }
            if (codec < 0 || hashFunction < 0) {
                throw new MultiformatException("cid prefix: negative codec or hash function");
            }
            if (hashLength < 0 || hashLength > Multihash.MAX_DIGEST_BYTES) {
                throw new MultiformatException(
                        "cid prefix: digest of " + hashLength + " bytes, want 0 to " + Multihash.MAX_DIGEST_BYTES);
            }
            if (version == 0
                    && (codec != Multicodec.DAG_PB.code()
                            || hashFunction != HashFunction.SHA2_256.code()
                            || hashLength != HashFunction.SHA2_256.defaultLength())) {
                throw new MultiformatException("cid prefix: version 0 with codec 0x" + Long.toHexString(codec)
                        + ", function 0x" + Long.toHexString(hashFunction) + " of " + hashLength
                        + " bytes, want dag-pb, sha2-256 of 32");
            }
        }

        public byte[] bytes() {
            ByteBuffer target = ByteBuffer.allocate(
                    Varint.size(version) + Varint.size(codec) + Varint.size(hashFunction) + Varint.size(hashLength));
            Varint.write(target, version);
            Varint.write(target, codec);
            Varint.write(target, hashFunction);
            Varint.write(target, hashLength);
            return target.array();
        }

        /** The prefix that {@code bytes} is, with nothing after it. */
        public static Prefix decode(byte[] bytes) {
            ByteBuffer source = ByteBuffer.wrap(bytes);
            Prefix prefix = read(source);
            if (source.hasRemaining()) {
                throw new MultiformatException("cid prefix: " + source.remaining() + " bytes after its end, want none");
            }
            return prefix;
        }

        /** Reads one prefix at the position of {@code source} and advances it past it. */
        public static Prefix read(ByteBuffer source) {
            long version = Varint.read(source);
            long codec = Varint.read(source);
            long hashFunction = Varint.read(source);
            long hashLength = Varint.read(source);
            return new Prefix(saturated(version), codec, hashFunction, saturated(hashLength));
        }

        /**
         * The Cid of a block with this prefix, by hashing {@code content}. An identity digest has the length of the
         * content, whatever the prefix says.
         *
         * @throws MultiformatException if this node cannot compute the function or the function has no digest this long
         */
        public Cid cidOf(Payload content) {
            return cidOf(function().digest(content, digestLength(content.size())));
        }

        /** As {@link #cidOf(Payload)}. */
        public Cid cidOf(byte[] content) {
            return cidOf(function().digest(content, digestLength(content.length)));
        }

        private Cid cidOf(Multihash multihash) {
            return version == 0 ? v0(multihash) : v1(codec, multihash);
        }

        private int digestLength(int contentBytes) {
            int length = hashFunction == HashFunction.IDENTITY.code() ? contentBytes : hashLength;
            int max = function().maxLength();
            if (length > max) {
                throw new MultiformatException(
                        "cid prefix: " + function() + " digest of " + length + " bytes, want at most " + max);
            }
            return length;
        }

        private HashFunction function() {
            return HashFunction.byCode(hashFunction)
                    .orElseThrow(() -> new MultiformatException("cid prefix: function 0x"
                            + Long.toHexString(hashFunction) + " is none this node can compute"));
        }

        private static int saturated(long value) {
            return (int) Math.min(value, Integer.MAX_VALUE);
        }
    }
}

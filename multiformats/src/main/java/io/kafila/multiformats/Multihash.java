package io.kafila.multiformats;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A digest that says which function made it and how long it is: {@code varint code, varint length, digest}.
 *
 * <p>Immutable. Any code is accepted, known or not; {@link DigestPolicy} says which may name a block. Source:
 * github.com/multiformats/multihash.
 */
public final class Multihash implements Comparable<Multihash> {
    /** The longest digest; boxo's verifcid has the same limit. */
    public static final int MAX_DIGEST_BYTES = 128;

    /** The longest encoding. */
    public static final int MAX_BYTES = Varint.MAX_BYTES + 2 + MAX_DIGEST_BYTES;

    /** The longest text of {@link #parseBase58}: 1.37 characters for each byte, rounded up. */
    private static final int MAX_BASE58_CHARACTERS = 200;

    private final long code;
    private final byte[] bytes;
    private final int digestOffset;
    private final int hash;

    private Multihash(long code, byte[] bytes, int digestOffset) {
        this.code = code;
        this.bytes = bytes;
        this.digestOffset = digestOffset;
        this.hash = Arrays.hashCode(bytes);
    }

    /** @throws IllegalArgumentException if {@code digest} is longer than {@link #MAX_DIGEST_BYTES} */
    public static Multihash of(long code, byte[] digest) {
        requireLength(digest.length);
        int offset = Varint.size(code) + Varint.size(digest.length);
        byte[] bytes = new byte[offset + digest.length];
        ByteBuffer target = ByteBuffer.wrap(bytes);
        Varint.write(target, code);
        Varint.write(target, digest.length);
        target.put(digest);
        return new Multihash(code, bytes, offset);
    }

    public static Multihash of(HashFunction function, byte[] digest) {
        return of(function.code(), digest);
    }

    /** The multihash that {@code bytes} is, with nothing after it. */
    public static Multihash decode(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Multihash multihash = read(source);
        if (source.hasRemaining()) {
            throw new MultiformatException("multihash: " + source.remaining() + " bytes after its end, want none");
        }
        return multihash;
    }

    /**
     * Reads one multihash at the position of {@code source} and advances it past it.
     *
     * @throws MultiformatException if it is malformed, cut off or too long; the position is then unspecified
     */
    public static Multihash read(ByteBuffer source) {
        int start = source.position();
        long code = Varint.read(source);
        long length = Varint.read(source);
        requireLength(length);
        if (length > source.remaining()) {
            throw new MultiformatException(
                    "multihash: digest of " + source.remaining() + " bytes, want " + length + " as announced");
        }
        int offset = source.position() - start;
        byte[] bytes = new byte[offset + (int) length];
        source.get(start, bytes);
        source.position(start + bytes.length);
        return new Multihash(code, bytes, offset);
    }

    /** The multihash of a base58btc text without prefix, as {@code Qm...}. */
    public static Multihash parseBase58(String text) {
        if (text.length() > MAX_BASE58_CHARACTERS) {
            throw new MultiformatException(
                    "multihash: " + text.length() + " characters, want at most " + MAX_BASE58_CHARACTERS);
        }
        return decode(Multibase.BASE58BTC.decodeBare(text));
    }

    /** The number of the function in the multicodec table. */
    public long code() {
        return code;
    }

    /** The length of the digest in bytes. */
    public int length() {
        return bytes.length - digestOffset;
    }

    /** A copy of the digest. */
    public byte[] digest() {
        return Arrays.copyOfRange(bytes, digestOffset, bytes.length);
    }

    /** A fresh read-only view of the digest. */
    public ByteBuffer digestBuffer() {
        return ByteBuffer.wrap(bytes, digestOffset, length()).slice().asReadOnlyBuffer();
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

    /**
     * Whether this is the digest of {@code content}. A short digest proves little; see {@link DigestPolicy}.
     *
     * @throws MultiformatException if this node cannot compute the function
     */
    public boolean verifies(Payload content) {
        HashFunction function = HashFunction.byCode(code)
                .orElseThrow(() -> new MultiformatException(
                        "multihash: function 0x" + Long.toHexString(code) + " is none this node can compute"));
        if (length() > function.maxLength() || (function == HashFunction.IDENTITY && content.size() != length())) {
            return false;
        }
        return function.digest(content, length()).equals(this);
    }

    /** The encoding in base58btc without prefix. */
    public String toBase58() {
        return Multibase.BASE58BTC.encodeBare(bytes);
    }

    /** The encoding in lower-case hexadecimal digits. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** By the bytes of the encoding, unsigned. */
    @Override
    public int compareTo(Multihash other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || (other instanceof Multihash that && hash == that.hash && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** {@link #toBase58()}. */
    @Override
    public String toString() {
        return toBase58();
    }

    /** The encoding itself, for readers in this package. */
    byte[] array() {
        return bytes;
    }

    private static void requireLength(long length) {
        if (length > MAX_DIGEST_BYTES) {
            throw new MultiformatException(
                    "multihash: digest of " + length + " bytes, want at most " + MAX_DIGEST_BYTES);
        }
    }
}

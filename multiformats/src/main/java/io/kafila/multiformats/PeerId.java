package io.kafila.multiformats;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The name of a peer: the multihash of its public key's protobuf, which holds the protobuf itself where that has at most
 * {@value #MAX_INLINE_BYTES} bytes, and its sha2-256 otherwise.
 *
 * <p>Immutable. Source: github.com/libp2p/specs, peer-ids.
 */
public final class PeerId implements Comparable<PeerId> {
    /** The longest key protobuf that a PeerId holds itself. */
    public static final int MAX_INLINE_BYTES = 42;

    private final Multihash multihash;

    private PeerId(Multihash multihash) {
        this.multihash = multihash;
    }

    public static PeerId of(PublicKey key) {
        byte[] protobuf = key.protobuf();
        HashFunction function = protobuf.length <= MAX_INLINE_BYTES ? HashFunction.IDENTITY : HashFunction.SHA2_256;
        return new PeerId(function.digest(protobuf));
    }

    /** @throws MultiformatException if {@code multihash} is neither a full sha2-256 nor an identity digest */
    public static PeerId of(Multihash multihash) {
        boolean sha256 = multihash.code() == HashFunction.SHA2_256.code()
                && multihash.length() == HashFunction.SHA2_256.defaultLength();
        if (!sha256 && multihash.code() != HashFunction.IDENTITY.code()) {
            throw new MultiformatException("peer id: function 0x" + Long.toHexString(multihash.code()) + " of "
                    + multihash.length() + " bytes, want sha2-256 of 32 or identity");
        }
        return new PeerId(multihash);
    }

    /**
     * The PeerId of a text: a bare base58btc multihash ({@code Qm...}, {@code 12D3Koo...}), or a Cid of codec libp2p-key in
     * any base.
     *
     * @throws MultiformatException if {@code text} is neither
     */
    public static PeerId parse(String text) {
        if (text.startsWith("Qm") || text.startsWith("1")) {
            return of(Multihash.parseBase58(text));
        }
        return of(Cid.parse(text));
    }

    /** @throws MultiformatException if the codec of {@code cid} is not libp2p-key */
    public static PeerId of(Cid cid) {
        if (cid.codec() != Multicodec.LIBP2P_KEY.code()) {
            throw new MultiformatException(
                    "peer id: cid of codec 0x" + Long.toHexString(cid.codec()) + ", want libp2p-key");
        }
        return of(cid.multihash());
    }

    /** The PeerId of the bytes of a multihash. */
    public static PeerId decode(byte[] bytes) {
        return of(Multihash.decode(bytes));
    }

    public Multihash multihash() {
        return multihash;
    }

    /** A copy of the bytes of the multihash. */
    public byte[] bytes() {
        return multihash.bytes();
    }

    /** A fresh read-only view of the bytes of the multihash. */
    public ByteBuffer buffer() {
        return multihash.buffer();
    }

    /** The version 1 Cid of codec libp2p-key, as IPNS names are written. */
    public Cid toCid() {
        return Cid.v1(Multicodec.LIBP2P_KEY, multihash);
    }

    /**
     * The public key, where the PeerId holds it. Empty for a hash, and for an identity digest that is the one form of no
     * key: such a PeerId matches no key.
     */
    public Optional<PublicKey> inlinedKey() {
        if (multihash.code() != HashFunction.IDENTITY.code()) {
            return Optional.empty();
        }
        try {
            PublicKey key = PublicKey.decode(multihash.digest());
            return matches(key) ? Optional.of(key) : Optional.empty();
        } catch (MultiformatException e) {
            return Optional.empty();
        }
    }

    /** Whether this is the name of the peer with {@code key}. */
    public boolean matches(PublicKey key) {
        return equals(of(key));
    }

    /** By the bytes of the multihash, unsigned. */
    @Override
    public int compareTo(PeerId other) {
        return multihash.compareTo(other.multihash);
    }

    @Override
    public boolean equals(Object other) {
        return other == this || (other instanceof PeerId that && multihash.equals(that.multihash));
    }

    @Override
    public int hashCode() {
        return multihash.hashCode();
    }

    /** The multihash in base58btc without prefix. */
    @Override
    public String toString() {
        return multihash.toBase58();
    }
}

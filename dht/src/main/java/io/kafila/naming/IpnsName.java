package io.kafila.naming;

import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.PeerId;
import io.kafila.multiformats.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A name that only the holder of a key can give a meaning: the multihash of the public key. Immutable.
 *
 * <p>Source: ipfs/specs ipns-record.md, IPNS Name.
 *
 * @param peer the same multihash as the name of a peer
 */
public record IpnsName(PeerId peer) {
    /** What paths and keys of routing begin with. */
    public static final String PREFIX = "/ipns/";

    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);

    public static IpnsName of(PublicKey key) {
        return new IpnsName(key.peerId());
    }

    /**
     * The name of a text: a Cid of codec libp2p-key in any base, or an old form in bare base58 ({@code Qm...}, {@code
     * 12D3Koo...}); {@code /ipns/} may stand before it.
     *
     * @throws MultiformatException if {@code text} is neither
     */
    public static IpnsName parse(String text) {
        return new IpnsName(PeerId.parse(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text));
    }

    /** {@link #parse} for a text that may be something else, such as a domain. */
    public static Optional<IpnsName> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (MultiformatException e) {
            return Optional.empty();
        }
    }

    /** Whether a key of a routing system is one of a name. */
    public static boolean isRoutingKey(byte[] key) {
        return key.length > PREFIX_BYTES.length
                && Arrays.equals(key, 0, PREFIX_BYTES.length, PREFIX_BYTES, 0, PREFIX_BYTES.length);
    }

    /**
     * The name in a key of a routing system.
     *
     * @throws NamingException if it is none
     */
    public static IpnsName ofRoutingKey(byte[] key) {
        if (!isRoutingKey(key)) {
            throw new NamingException("name is invalid: routing key without " + PREFIX);
        }
        try {
            return new IpnsName(PeerId.decode(Arrays.copyOfRange(key, PREFIX_BYTES.length, key.length)));
        } catch (MultiformatException e) {
            throw new NamingException("name is invalid: " + e.getMessage(), e);
        }
    }

    /** The key under which routing systems keep the record: {@code /ipns/} and the bytes of the multihash. */
    public byte[] routingKey() {
        byte[] multihash = peer.bytes();
        byte[] key = Arrays.copyOf(PREFIX_BYTES, PREFIX_BYTES.length + multihash.length);
        System.arraycopy(multihash, 0, key, PREFIX_BYTES.length, multihash.length);
        return key;
    }

    /** The name in another base, as a Cid. */
    public String toString(Multibase base) {
        return peer.toCid().toString(base);
    }

    /** The name as a Cid in base36, which fits a label of a domain. */
    @Override
    public String toString() {
        return toString(Multibase.BASE36);
    }
}

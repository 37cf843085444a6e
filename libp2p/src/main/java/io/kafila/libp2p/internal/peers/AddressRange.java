package io.kafila.libp2p.internal.peers;

import io.kafila.multiformats.Multiaddr;
import java.net.InetAddress;

/**
 * The IP addresses that share a prefix, as {@code /ip4/10.0.0.0/ipcidr/8} writes them; without {@code ipcidr}, one address.
 *
 * @param text the range as it was given
 */
record AddressRange(Multiaddr text, InetAddress network, int prefixBits) {

    /** @throws IllegalArgumentException if {@code range} starts with no IP address, or its prefix is too long */
    static AddressRange of(Multiaddr range) {
        InetAddress network = range.ipAddress()
                .orElseThrow(() ->
                        new IllegalArgumentException("address range " + range + ": want /ip4 or /ip6, then /ipcidr"));
        int most = network.getAddress().length * Byte.SIZE;
        int bits = range.value("ipcidr").map(Integer::parseInt).orElse(most);
        if (bits > most) {
            throw new IllegalArgumentException(
                    "address range " + range + ": prefix of " + bits + " bits, want at most " + most);
        }
        return new AddressRange(range, network, bits);
    }

    boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit += Byte.SIZE) {
            int index = bit / Byte.SIZE;
            int left = Math.min(Byte.SIZE, prefixBits - bit);
            int mask = 0xff << (Byte.SIZE - left);
            if (((mine[index] ^ other[index]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}

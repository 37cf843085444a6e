package io.kafila.libp2p.internal.host;

import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.Protocol;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/** Addresses that equal one of a list, or whose IP lies in one of its {@code /ipcidr} ranges. Immutable. */
final class AddressRanges implements Predicate<Multiaddr> {
    private final List<Multiaddr> ranges;

    AddressRanges(List<Multiaddr> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    @Override
    public boolean test(Multiaddr address) {
        return ranges.stream().anyMatch(range -> range.equals(address) || contains(range, address));
    }

    private static boolean contains(Multiaddr range, Multiaddr address) {
        InetAddress network = range.ipAddress().orElse(null);
        InetAddress host = address.ipAddress().orElse(null);
        String bits = range.value(Protocol.IPCIDR).orElse(null);
        if (network == null || host == null || bits == null) {
            return false;
        }
        byte[] left = network.getAddress();
        byte[] right = host.getAddress();
        int prefix = Integer.parseInt(bits);
        if (left.length != right.length || prefix > 8 * left.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((left[bit / 8] & mask) != (right[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}

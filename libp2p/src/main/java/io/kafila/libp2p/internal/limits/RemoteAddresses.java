package io.kafila.libp2p.internal.limits;

import io.kafila.multiformats.Multiaddr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many inbound connections come from each host: an IPv4 address, or the /56 of an IPv6 address, which one customer of a
 * provider commonly owns. Guarded by the lock of its {@link ResourceAccounts}.
 */
final class RemoteAddresses {
    private static final int IPV6_PREFIX_BYTES = 7;

    private final int most;
    private final Map<ByteBuffer, Integer> counts = new HashMap<>();

    RemoteAddresses(int most) {
        this.most = most;
    }

    /** What {@code address} is counted under; {@code null} where it is exempt: loopback, and whatever has no IP address. */
    static @Nullable ByteBuffer host(Multiaddr address) {
        InetSocketAddress socket = address.tcpAddress().orElse(null);
        if (socket == null || socket.getAddress() == null || socket.getAddress().isLoopbackAddress()) {
            return null;
        }
        InetAddress ip = socket.getAddress();
        byte[] bytes = ip.getAddress();
        return ByteBuffer.wrap(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, IPV6_PREFIX_BYTES));
    }

    boolean isFull(ByteBuffer host) {
        return counts.getOrDefault(host, 0) >= most;
    }

    int most() {
        return most;
    }

    void add(ByteBuffer host) {
        counts.merge(host, 1, Integer::sum);
    }

    void remove(ByteBuffer host) {
        counts.computeIfPresent(host, (key, count) -> count == 1 ? null : count - 1);
    }

    int hosts() {
        return counts.size();
    }
}

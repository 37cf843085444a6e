package io.kafila.daemon.internal.rpc;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many connections are open, in all and by address. Thread-safe. */
final class ConnectionGate {
    private final int most;
    private final int mostPerAddress;
    private final Map<InetAddress, Integer> counts = new HashMap<>();
    private int open;

    ConnectionGate(int most, int mostPerAddress) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
    }

    /**
     * Lets a connection in, or tells why not.
     *
     * @param address of the other side; {@code null} where it is on this machine
     */
    synchronized Optional<String> enter(@Nullable InetAddress address) {
        if (open >= most) {
            return Optional.of("too many connections: " + most + " are open");
        }
        if (address != null) {
            int count = counts.getOrDefault(address, 0);
            if (count >= mostPerAddress) {
                return Optional.of(
                        "too many connections from " + address.getHostAddress() + ": " + mostPerAddress + " are open");
            }
            counts.put(address, count + 1);
        }
        open++;
        return Optional.empty();
    }

    /** A connection that was let in has ended. */
    synchronized void leave(@Nullable InetAddress address) {
        open--;
        if (address != null) {
            counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized int openCount() {
        return open;
    }
}

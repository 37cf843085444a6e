package io.kafila.daemon.internal.rpc;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many connections, or other things that clients hold, are open, in all and by address. Thread-safe. */
public final class ConnectionGate {
    private final int most;
    private final int mostPerAddress;
    private final Map<InetAddress, Integer> counts = new HashMap<>();
    private final String what;
    private int open;

    /** @param what is counted, such as {@code connections} */
    public ConnectionGate(String what, int most, int mostPerAddress) {
        this.what = what;
        this.most = most;
        this.mostPerAddress = mostPerAddress;
    }

    /**
     * Lets one in, or tells why not.
     *
     * @param address of the other side; {@code null} where it is on this machine
     */
    public synchronized Optional<String> enter(@Nullable InetAddress address) {
        if (open >= most) {
            return Optional.of("too many " + what + ": " + most + " are open");
        }
        if (address != null) {
            int count = counts.getOrDefault(address, 0);
            if (count >= mostPerAddress) {
                return Optional.of(
                        "too many " + what + " from " + address.getHostAddress() + ": " + mostPerAddress + " are open");
            }
            counts.put(address, count + 1);
        }
        open++;
        return Optional.empty();
    }

    /** One that was let in has ended. */
    public synchronized void leave(@Nullable InetAddress address) {
        open--;
        if (address != null) {
            counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized int openCount() {
        return open;
    }
}

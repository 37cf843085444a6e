package io.kafila.benchmarks.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is set of TCP at every peer, the same for all competitors; what is empty stays as the machine has it.
 *
 * @param maxBufferBytes up to where the kernel grows the buffers of a connection, for both {@code tcp_rmem} and
 *     {@code tcp_wmem}
 * @param congestionControl the algorithm, by the kernel's name
 */
public record TcpSettings(Optional<Integer> maxBufferBytes, Optional<String> congestionControl) {
    /** The machine's own. */
    public static final TcpSettings UNTOUCHED = new TcpSettings(Optional.empty(), Optional.empty());

    /** What a bandwidth-delay product of 1 Gbit/s over 100 ms needs, twice over. */
    public static final TcpSettings LONG_PATHS = UNTOUCHED.withMaxBuffer(32 * 1024 * 1024);

    /** The kernel's least and usual sizes of both buffers. */
    private static final String RMEM = "4096 131072 ";

    private static final String WMEM = "4096 16384 ";

    public TcpSettings withMaxBuffer(int bytes) {
        return new TcpSettings(Optional.of(bytes), congestionControl);
    }

    public TcpSettings withCongestionControl(String name) {
        return new TcpSettings(maxBufferBytes, Optional.of(name));
    }

    /** As assignments for {@code sysctl -w}. */
    List<String> assignments() {
        List<String> all = new ArrayList<>();
        // A connection must not begin with what the kernel remembers of the competitor's.
        all.add("net.ipv4.tcp_no_metrics_save=1");
        maxBufferBytes.ifPresent(bytes -> {
            all.add("net.ipv4.tcp_rmem=" + RMEM + bytes);
            all.add("net.ipv4.tcp_wmem=" + WMEM + bytes);
        });
        congestionControl.ifPresent(name -> all.add("net.ipv4.tcp_congestion_control=" + name));
        return all;
    }
}

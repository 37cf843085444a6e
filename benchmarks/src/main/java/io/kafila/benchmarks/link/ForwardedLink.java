package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/**
 * Links for kernels without netem: what a namespace sends goes into a VXLAN tunnel that ends at this process, which carries its
 * datagrams to the tunnel of the other namespace.
 *
 * <p>Virtual interfaces leave checksums to the hardware that they do not have, so packets that pass through a process would be
 * taken for damaged; VXLAN's remote checksum offload says in the tunnel's header what the receiver is to fill in.
 */
final class ForwardedLink implements PacketLink {
    /** The tunnel of leaf n uses this port plus n at all its ends. */
    private static final int BASE_PORT = 4800;

    private static final int VXLAN_HEADER_BYTES = 8;
    private static final int ETHERNET_HEADER_BYTES = 14;

    private final long seed;
    private final PacketForwarder forwarder;

    ForwardedLink(int mtuBytes, long seed) {
        this.seed = seed;
        try {
            this.forwarder = new PacketForwarder(mtuBytes + ETHERNET_HEADER_BYTES + VXLAN_HEADER_BYTES);
        } catch (IOException e) {
            throw new BenchException("links: no selector", e);
        }
    }

    @Override
    public void join(int n, LinkShape shape, String hubMac, String leafMac) {
        tunnel(0, PacketLink.hubInterface(n), n, hubMac);
        tunnel(n, LEAF_INTERFACE, n, leafMac);
        try {
            forwarder.link(socket(0, n), socket(n, n), shape, seed + n, VXLAN_HEADER_BYTES);
        } catch (IOException e) {
            throw new BenchException("links: no socket for leaf " + n, e);
        }
    }

    private static void tunnel(int namespace, String device, int n, String mac) {
        int port = BASE_PORT + n;
        Namespaces.in(
                namespace,
                "link add " + device + " address " + mac + " type vxlan id " + n + " local "
                        + Namespaces.apiAddress(namespace) + " remote " + Namespaces.machineAddress(namespace)
                        + " dstport " + port + " srcport " + port + " " + (port + 1)
                        + " nolearning udpcsum remcsumtx remcsumrx");
    }

    private static DatagramChannel socket(int namespace, int n) throws IOException {
        int port = BASE_PORT + n;
        return DatagramChannel.open()
                .bind(new InetSocketAddress(Namespaces.machineAddress(namespace), port))
                .connect(new InetSocketAddress(Namespaces.apiAddress(namespace), port));
    }

    @Override
    public void start() {
        forwarder.start();
    }

    @Override
    public LinkCounters counters() {
        return forwarder.counters();
    }

    @Override
    public String toString() {
        return "network namespaces, VXLAN and a packet forwarder";
    }

    @Override
    public void close() {
        forwarder.close();
    }
}

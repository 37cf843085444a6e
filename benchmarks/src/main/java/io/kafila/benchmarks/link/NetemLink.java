package io.kafila.benchmarks.link;

/** Links whose packets the kernel's own emulator, netem, delays and loses. */
final class NetemLink implements PacketLink {
    private static final long NANOS_PER_MICRO = 1000;
    private static final double PERCENT = 100;

    private final int mtuBytes;
    private final long seed;

    NetemLink(int mtuBytes, long seed) {
        this.mtuBytes = mtuBytes;
        this.seed = seed;
    }

    /** Whether the kernel has it: tried on the loopback interface of a namespace that was just made. */
    static boolean isAvailable(int namespace) {
        String device = Namespaces.name(namespace) + " qdisc add dev lo root netem delay 1us";
        return Commands.succeeds("tc -n " + device)
                && Commands.succeeds("tc -n " + Namespaces.name(namespace) + " qdisc del dev lo root");
    }

    @Override
    public void join(int n, LinkShape shape, String hubMac, String leafMac) {
        String hub = PacketLink.hubInterface(n);
        Commands.run("ip link add " + hub + " netns " + Namespaces.name(0) + " address " + hubMac
                + " type veth peer name " + LEAF_INTERFACE + " netns " + Namespaces.name(n) + " address " + leafMac);
        shape(0, hub, shape, 2L * n);
        shape(n, LEAF_INTERFACE, shape, 2L * n + 1);
    }

    private void shape(int namespace, String device, LinkShape shape, long direction) {
        // netem counts and loses what the kernel hands it, which must be single packets.
        Namespaces.in(namespace, "link set dev " + device + " gso_max_segs 1");
        long packets = Math.max(1000, (shape.bandwidthDelayBytes() + shape.queueBytes()) / mtuBytes);
        String line = "tc -n " + Namespaces.name(namespace) + " qdisc add dev " + device + " root netem limit "
                + packets + " delay " + shape.oneWayNanos() / NANOS_PER_MICRO + "us rate " + shape.bitsPerSecond()
                + "bit";
        if (shape.loss() > 0) {
            line += " loss " + shape.loss() * PERCENT + "%";
            String seeded = line + " seed " + (seed + direction);
            // Kernels before 6.6 draw as they like.
            if (Commands.succeeds(seeded)) {
                return;
            }
        }
        Commands.run(line);
    }

    @Override
    public void start() {}

    @Override
    public LinkCounters counters() {
        return LinkCounters.NONE;
    }

    @Override
    public String toString() {
        return "network namespaces and netem";
    }

    @Override
    public void close() {}
}

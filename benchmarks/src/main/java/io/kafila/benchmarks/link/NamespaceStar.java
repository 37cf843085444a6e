package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.peer.Site;
import java.util.LinkedHashMap;
import java.util.Map;

/** A star whose peers live in network namespaces; see {@link Namespaces} for their addresses. */
final class NamespaceStar implements Star {
    private static final int HUB = 0;

    private final StarPlan plan;
    private final Namespaces namespaces;
    private final PacketLink link;
    private final Map<String, Site> sites = new LinkedHashMap<>();
    private final String tcp;
    /** What is made here outlives the process, so an interrupted one takes it down too. */
    private final Thread atExit = new Thread(this::takeDown, "links-down");

    private boolean closed;

    private NamespaceStar(StarPlan plan, Namespaces namespaces, PacketLink link) {
        this.plan = plan;
        this.namespaces = namespaces;
        this.link = link;
        this.tcp = build();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Whether this process may make namespaces at all.
     *
     * @throws BenchException if another one has some, so that it cannot be tried
     */
    static boolean isPossible() {
        if (!Commands.succeeds("ip netns list")) {
            return false;
        }
        try (Namespaces namespaces = Namespaces.open()) {
            return isPossible(namespaces);
        }
    }

    private static boolean isPossible(Namespaces namespaces) {
        try {
            namespaces.add(StarPlan.DEFAULT_MTU_BYTES, TcpSettings.UNTOUCHED);
            return true;
        } catch (BenchException e) {
            return false;
        }
    }

    static NamespaceStar make(StarPlan plan) {
        Namespaces namespaces = Namespaces.open();
        try {
            int hub = namespaces.add(plan.mtuBytes(), plan.tcp());
            PacketLink link = NetemLink.isAvailable(hub)
                    ? new NetemLink(plan.mtuBytes(), plan.seed())
                    : new ForwardedLink(plan.mtuBytes(), plan.seed());
            return new NamespaceStar(plan, namespaces, link);
        } catch (RuntimeException e) {
            namespaces.close();
            throw e;
        }
    }

    /** Joins the leaves to the hub; answers what the kernel says of TCP there. */
    private String build() {
        try {
            Namespaces.in(HUB, "addr add " + Namespaces.peerAddress(HUB) + "/32 dev lo");
            sites.put(plan.hub(), Namespaces.site(HUB, plan.hub()));
            for (Map.Entry<String, LinkShape> leaf : plan.leaves().entrySet()) {
                int n = namespaces.add(plan.mtuBytes(), plan.tcp());
                sites.put(leaf.getKey(), Namespaces.site(n, leaf.getKey()));
                String hubMac = "02:6b:66:00:00:%02x".formatted(n);
                String leafMac = "02:6b:66:01:00:%02x".formatted(n);
                link.join(n, leaf.getValue(), hubMac, leafMac);
                connect(HUB, PacketLink.hubInterface(n), n, leafMac);
                Namespaces.in(n, "addr add " + Namespaces.peerAddress(n) + "/32 dev lo");
                connect(n, PacketLink.LEAF_INTERFACE, HUB, hubMac);
            }
            link.start();
            return "tcp_rmem " + setting("net.ipv4.tcp_rmem") + ", tcp_wmem " + setting("net.ipv4.tcp_wmem") + ", "
                    + setting("net.ipv4.tcp_congestion_control");
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** Makes the peer of another namespace reachable without asking for its hardware address, which would cost a round trip. */
    private void connect(int namespace, String device, int to, String mac) {
        Namespaces.in(namespace, "link set " + device + " mtu " + plan.mtuBytes() + " up");
        Namespaces.in(
                namespace,
                "route add " + Namespaces.peerAddress(to) + "/32 dev " + device + " src "
                        + Namespaces.peerAddress(namespace));
        Namespaces.in(
                namespace,
                "neigh replace " + Namespaces.peerAddress(to) + " lladdr " + mac + " dev " + device + " nud permanent");
    }

    private static String setting(String key) {
        return Namespaces.setting(HUB, key).replaceAll("\\s+", " ");
    }

    @Override
    public Site site(String role) {
        Site site = sites.get(role);
        if (site == null) {
            throw new IllegalArgumentException("links: role " + role + ", want one of " + sites.keySet());
        }
        return site;
    }

    @Override
    public LinkCounters counters() {
        return link.counters();
    }

    @Override
    public String toString() {
        return link + ": " + Star.describe(plan) + ", MTU " + plan.mtuBytes() + "; " + tcp
                + (counters().packets() == 0 ? "" : "; " + counters());
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The process is ending, and its hook does the same as this.
        }
        takeDown();
    }

    private synchronized void takeDown() {
        if (closed) {
            return;
        }
        closed = true;
        try (Namespaces last = namespaces) {
            link.close();
        }
    }
}

package io.kafila.benchmarks.link;

import io.kafila.benchmarks.BenchException;
import io.kafila.benchmarks.peer.Site;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A star on loopback whose links are proxies, for processes that may not make namespaces. What is sent over a connection
 * comes late and at a rate; there is no loss, and TCP's slow start, which has only loopback before it, costs nothing.
 */
final class ProxyStar implements Star {
    /** The host and the port of a multiaddr and of a URL. */
    private static final Pattern ENDPOINT =
            Pattern.compile("/ip4/(?<ip>[0-9.]+)/tcp/(?<tcp>[0-9]+)|://(?<host>[0-9.]+):(?<port>[0-9]+)");

    private final StarPlan plan;
    private final Map<String, ShapingProxy> links = new LinkedHashMap<>();
    /** By the role of the peer that connects and the address that it wants. */
    private final Map<String, String> addresses = new HashMap<>();

    ProxyStar(StarPlan plan) {
        if (plan.loses()) {
            throw new LinkException(
                    "links: a loss of packets needs network namespaces, which this process may not make");
        }
        this.plan = plan;
        plan.leaves().forEach((role, shape) -> links.put(role, new ShapingProxy(shape, System::nanoTime)));
    }

    @Override
    public Site site(String role) {
        if (!role.equals(plan.hub()) && !links.containsKey(role)) {
            throw new IllegalArgumentException(
                    "links: role " + role + ", want " + plan.hub() + " or one of " + links.keySet());
        }
        return new Site(role, Site.LOCAL.prefix(), Site.LOCAL.swarmHost(), Site.LOCAL.apiHost());
    }

    @Override
    public synchronized String via(String role, String to, String address) {
        return addresses.computeIfAbsent(role + " " + address, key -> proxied(role, to, address));
    }

    private String proxied(String role, String to, String address) {
        boolean fromHub = role.equals(plan.hub());
        ShapingProxy link = links.get(fromHub ? to : role);
        Matcher endpoint = ENDPOINT.matcher(address);
        if (link == null || !endpoint.find()) {
            throw new IllegalArgumentException("links: no link from " + role + " to " + to + " at " + address);
        }
        boolean multiaddr = endpoint.group("ip") != null;
        String host = endpoint.group(multiaddr ? "ip" : "host");
        int port = Integer.parseInt(endpoint.group(multiaddr ? "tcp" : "port"));
        try {
            int ours = link.listen(new InetSocketAddress(host, port), fromHub);
            int at = endpoint.start(multiaddr ? "tcp" : "port");
            return address.substring(0, at) + ours + address.substring(endpoint.end());
        } catch (IOException e) {
            throw new BenchException("links: no proxy for " + address, e);
        }
    }

    @Override
    public LinkCounters counters() {
        return LinkCounters.NONE;
    }

    @Override
    public String toString() {
        return "a proxy that delays and limits bytes, without loss, slow start or packets: " + Star.describe(plan);
    }

    @Override
    public void close() {
        links.values().forEach(ShapingProxy::close);
    }
}

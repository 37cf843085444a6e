package io.kafila.libp2p.internal.transport;

import io.kafila.libp2p.Libp2pException;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.MultiformatException;
import io.kafila.multiformats.Protocol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Turns {@code /dns}, {@code /dns4}, {@code /dns6} and {@code /dnsaddr} (libp2p/specs addressing) into literal addresses.
 * Lookups run on an executor of their own. Thread-safe.
 */
public final class AddressResolver {
    /** How often a {@code /dnsaddr} may lead to another one, as in go-libp2p. */
    static final int MAX_DEPTH = 4;

    /** How many addresses one address may become, as in go-libp2p. */
    static final int MAX_RESOLVED = 100;

    private static final Set<Protocol> NAMES = EnumSet.of(Protocol.DNS, Protocol.DNS4, Protocol.DNS6, Protocol.DNSADDR);
    private static final String RECORD_PREFIX = "dnsaddr=";

    private final NameLookup lookup;
    private final Executor executor;

    public AddressResolver(NameLookup lookup, Executor executor) {
        this.lookup = lookup;
        this.executor = executor;
    }

    public static boolean isName(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        return !components.isEmpty() && NAMES.contains(components.get(0).protocol());
    }

    /** The literal addresses behind {@code address}; a literal one answers itself. Fails where nothing is known of the name. */
    public CompletableFuture<List<Multiaddr>> resolve(Multiaddr address) {
        if (!isName(address)) {
            return CompletableFuture.completedFuture(List.of(address));
        }
        try {
            return CompletableFuture.supplyAsync(() -> resolved(address), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new Libp2pException("too many name lookups wait already", e));
        }
    }

    private List<Multiaddr> resolved(Multiaddr address) {
        Set<Multiaddr> found = new LinkedHashSet<>();
        try {
            collect(address, MAX_DEPTH, found);
        } catch (IOException e) {
            throw new Libp2pException("cannot resolve " + address + ": " + e, e);
        }
        if (found.isEmpty()) {
            throw new Libp2pException("cannot resolve " + address + ": no address found");
        }
        return List.copyOf(found);
    }

    private void collect(Multiaddr address, int depth, Set<Multiaddr> found) throws IOException {
        if (found.size() >= MAX_RESOLVED) {
            return;
        }
        if (!isName(address)) {
            found.add(address);
            return;
        }
        Protocol protocol = address.components().get(0).protocol();
        String name = address.components().get(0).text();
        if (protocol != Protocol.DNSADDR) {
            for (InetAddress each : lookup.addresses(name)) {
                boolean four = each instanceof Inet4Address;
                if (protocol == Protocol.DNS || protocol == (four ? Protocol.DNS4 : Protocol.DNS6)) {
                    collect(withHost(address, each, four), depth, found);
                }
            }
        } else if (depth > 0) {
            for (String text : lookup.texts("_dnsaddr." + name)) {
                for (Multiaddr target : targets(text, address)) {
                    collect(target, depth - 1, found);
                }
            }
        }
    }

    private static Multiaddr withHost(Multiaddr address, InetAddress host, boolean four) {
        String literal = host.getHostAddress();
        int zone = literal.indexOf('%');
        String head = (four ? "/ip4/" : "/ip6/") + (zone < 0 ? literal : literal.substring(0, zone));
        return Multiaddr.parse(head + tail(address));
    }

    /** The record's address, if it is one and fits what follows the name in {@code asked}. */
    private static List<Multiaddr> targets(String text, Multiaddr asked) {
        if (!text.startsWith(RECORD_PREFIX)) {
            return List.of();
        }
        try {
            Multiaddr target = Multiaddr.parse(text.substring(RECORD_PREFIX.length()));
            return target.toString().endsWith(tail(asked)) ? List.of(target) : List.of();
        } catch (MultiformatException e) {
            return List.of(); // a record of another kind or of a protocol unknown here: the others may do
        }
    }

    private static String tail(Multiaddr address) {
        String text = address.toString();
        int third = text.indexOf('/', text.indexOf('/', 1) + 1);
        return third < 0 ? "" : text.substring(third);
    }
}

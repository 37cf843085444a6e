package io.kafila.libp2p.internal.peers;

import io.kafila.libp2p.ConnectionFilter;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The allow and deny lists in memory. An address without an IP is permitted: its name is looked at once resolved. Thread-safe. */
public final class AccessList implements ConnectionFilter {
    private final List<AddressRange> denied = new CopyOnWriteArrayList<>();
    private final List<AddressRange> allowed = new CopyOnWriteArrayList<>();
    private final Set<PeerId> deniedPeers = ConcurrentHashMap.newKeySet();
    private final Set<PeerId> allowedPeers = ConcurrentHashMap.newKeySet();

    @Override
    public void denyAddress(Multiaddr range) {
        add(denied, range);
    }

    @Override
    public void undenyAddress(Multiaddr range) {
        denied.remove(AddressRange.of(range));
    }

    @Override
    public List<Multiaddr> deniedAddresses() {
        return denied.stream().map(AddressRange::text).toList();
    }

    @Override
    public void allowAddress(Multiaddr range) {
        add(allowed, range);
    }

    private static void add(List<AddressRange> list, Multiaddr range) {
        AddressRange parsed = AddressRange.of(range);
        if (!list.contains(parsed)) {
            list.add(parsed);
        }
    }

    @Override
    public void denyPeer(PeerId peer) {
        deniedPeers.add(peer);
    }

    @Override
    public void undenyPeer(PeerId peer) {
        deniedPeers.remove(peer);
    }

    @Override
    public void allowPeer(PeerId peer) {
        allowedPeers.add(peer);
    }

    @Override
    public boolean permits(PeerId peer) {
        return allowedPeers.contains(peer) || !deniedPeers.contains(peer);
    }

    @Override
    public boolean permits(Multiaddr address) {
        Optional<InetAddress> ip = address.ipAddress();
        return ip.isEmpty() || contains(allowed, ip.get()) || !contains(denied, ip.get());
    }

    private static boolean contains(List<AddressRange> ranges, InetAddress ip) {
        for (AddressRange range : ranges) {
            if (range.contains(ip)) {
                return true;
            }
        }
        return false;
    }
}

package io.kafila.libp2p.internal.host;

import io.kafila.libp2p.BandwidthCounter;
import io.kafila.libp2p.ConnectionFilter;
import io.kafila.libp2p.IdentifyInfo;
import io.kafila.libp2p.Peerstore;
import io.kafila.libp2p.ResourceLimits;
import io.kafila.libp2p.ResourceManager;
import io.kafila.libp2p.internal.limits.ResourceAccounts;
import io.kafila.libp2p.internal.limits.ResourceScopes;
import io.kafila.multiformats.Multiaddr;
import io.kafila.multiformats.PeerId;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Services that keep peers in memory and count no bytes. Thread-safe. */
public final class OpenServices implements HostServices, Peerstore, ConnectionFilter, BandwidthCounter {
    private final ResourceAccounts accounts;
    private final Map<PeerId, Set<Multiaddr>> addresses = new ConcurrentHashMap<>();
    private final Map<PeerId, IdentifyInfo> infos = new ConcurrentHashMap<>();
    private final Set<PeerId> deniedPeers = ConcurrentHashMap.newKeySet();
    private final Set<Multiaddr> deniedAddresses = ConcurrentHashMap.newKeySet();

    public OpenServices(ResourceLimits limits) {
        this.accounts = new ResourceAccounts(limits);
    }

    @Override
    public Peerstore peerstore() {
        return this;
    }

    @Override
    public ConnectionFilter filter() {
        return this;
    }

    @Override
    public ResourceManager resources() {
        return accounts;
    }

    @Override
    public BandwidthCounter bandwidth() {
        return this;
    }

    @Override
    public ResourceScopes scopes() {
        return accounts;
    }

    @Override
    public void onIdentified(PeerId peer, IdentifyInfo info) {
        infos.put(peer, info);
    }

    @Override
    public void onSent(PeerId peer, String protocol, int bytes) {
        // not counted
    }

    @Override
    public void onReceived(PeerId peer, String protocol, int bytes) {
        // not counted
    }

    @Override
    public void close() {
        addresses.clear();
    }

    @Override
    public void addAddresses(PeerId peer, Collection<Multiaddr> added, Duration ttl) {
        Set<Multiaddr> of = addresses.computeIfAbsent(peer, key -> ConcurrentHashMap.newKeySet());
        of.addAll(added);
    }

    @Override
    public List<Multiaddr> addresses(PeerId peer) {
        return List.copyOf(new LinkedHashSet<>(addresses.getOrDefault(peer, Set.of())));
    }

    @Override
    public Optional<IdentifyInfo> info(PeerId peer) {
        return Optional.ofNullable(infos.get(peer));
    }

    @Override
    public List<PeerId> peers() {
        return List.copyOf(addresses.keySet());
    }

    @Override
    public void remove(PeerId peer) {
        addresses.remove(peer);
        infos.remove(peer);
    }

    @Override
    public void denyAddress(Multiaddr range) {
        deniedAddresses.add(range);
    }

    @Override
    public void undenyAddress(Multiaddr range) {
        deniedAddresses.remove(range);
    }

    @Override
    public List<Multiaddr> deniedAddresses() {
        return List.copyOf(deniedAddresses);
    }

    @Override
    public void allowAddress(Multiaddr range) {
        deniedAddresses.remove(range);
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
        deniedPeers.remove(peer);
    }

    @Override
    public boolean permits(PeerId peer) {
        return !deniedPeers.contains(peer);
    }

    @Override
    public boolean permits(Multiaddr address) {
        return !new AddressRanges(List.copyOf(deniedAddresses)).test(address);
    }

    @Override
    public Bandwidth total() {
        return new Bandwidth(0, 0, 0, 0);
    }

    @Override
    public Bandwidth peer(PeerId peer) {
        return total();
    }

    @Override
    public Bandwidth protocol(String protocol) {
        return total();
    }
}

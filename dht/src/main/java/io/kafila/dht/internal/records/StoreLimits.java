package io.kafila.dht.internal.records;

import java.time.Duration;

/**
 * How much others can have a node keep for them, and for how long.
 *
 * @param maxProviders provider records in all; some 100 bytes each on disk
 * @param maxProvidersPerKey of one key
 * @param maxProvidersPerPeer of one provider, so that one cannot fill the store alone
 * @param maxProviderPeers providers whose addresses are kept
 * @param maxValueBytes values with their keys in all
 * @param providerAge how long a provider record is valid (ipfs/specs kad-dht.md: 48 h)
 * @param addressAge how long a provider's addresses are (24 h)
 * @param valueAge how long a value is (48 h)
 */
public record StoreLimits(
        int maxProviders,
        int maxProvidersPerKey,
        int maxProvidersPerPeer,
        int maxProviderPeers,
        long maxValueBytes,
        Duration providerAge,
        Duration addressAge,
        Duration valueAge) {
    public static final StoreLimits DEFAULT = new StoreLimits(
            1 << 20,
            512,
            1 << 18,
            1 << 16,
            64L << 20,
            Duration.ofHours(48),
            Duration.ofHours(24),
            Duration.ofHours(48));
}

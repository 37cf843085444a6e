package io.kafila.dht.internal.table;

import java.time.Duration;

/**
 * What a routing table takes.
 *
 * @param k peers in a bucket, and as many that wait for a place in it
 * @param maxPerGroup peers of one IP group in the whole table
 * @param maxPerGroupInBucket peers of one IP group in one bucket
 * @param checkAfterNanos a peer that has not answered for so long is to be asked whether it is still there
 */
public record TableOptions(int k, int maxPerGroup, int maxPerGroupInBucket, long checkAfterNanos) {
    /** The numbers of the Amino DHT (go-libp2p-kad-dht amino/defaults.go). */
    public static final TableOptions WAN =
            new TableOptions(20, 3, 2, Duration.ofMinutes(10).toNanos());

    /** A local network is one IP group, so there is no limit. */
    public static final TableOptions LAN = new TableOptions(
            20, Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofMinutes(10).toNanos());
}

package io.kafila.dht.internal.query;

/**
 * How a lookup goes.
 *
 * @param k how many of the nearest are wanted
 * @param alpha how many requests may be under way
 * @param beta how many of the nearest must have answered before nothing nearer is expected
 * @param stallNanos after how long a request that has no answer yet makes room for another; its answer still counts
 * @param maxAsked how many peers are asked at most: whoever answers with ever nearer peers ends here
 * @param maxPerGroup how many peers of one IP group may answer so that it counts
 */
public record LookupOptions(int k, int alpha, int beta, long stallNanos, int maxAsked, int maxPerGroup) {
    /** The numbers of the Amino DHT (go-libp2p-kad-dht amino/defaults.go), without a limit by IP group. */
    public static final LookupOptions AMINO = new LookupOptions(20, 10, 3, 1_000_000_000L, 256, Integer.MAX_VALUE);

    /** Among public addresses: as many of one IP group as in a bucket, and too few to end the search for nearer peers. */
    public static final LookupOptions AMINO_DIVERSE = new LookupOptions(20, 10, 3, 1_000_000_000L, 256, 2);

    public LookupOptions {
        if (maxPerGroup < 1) {
            throw new IllegalArgumentException("lookup: " + maxPerGroup + " of an IP group, want at least 1");
        }
        if (k < 1 || alpha < 1 || beta < 1 || maxAsked < k || stallNanos < 1) {
            throw new IllegalArgumentException("lookup: k " + k + ", alpha " + alpha + ", beta " + beta
                    + ", at most " + maxAsked + " asked, stall after " + stallNanos
                    + " ns, want all positive and no fewer asked than k");
        }
    }
}

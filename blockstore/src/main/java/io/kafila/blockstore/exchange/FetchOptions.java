package io.kafila.blockstore.exchange;

/**
 * How a session fetches.
 *
 * @param budgetBytes how many bytes may be wanted and not yet taken by the reader; the sizes of wants are estimated
 */
public record FetchOptions(long budgetBytes) {
    /** 32 MiB: two windows of 16 MiB, a 10 Gbit/s link at 25 ms (performance-facts, C6). */
    public static final FetchOptions DEFAULT = new FetchOptions(32L * 1024 * 1024);

    public FetchOptions {
        if (budgetBytes <= 0) {
            throw new IllegalArgumentException("fetch budget: " + budgetBytes + " bytes, want more than 0");
        }
    }
}

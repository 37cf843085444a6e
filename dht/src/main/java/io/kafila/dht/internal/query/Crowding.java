package io.kafila.dht.internal.query;

import io.kafila.dht.internal.key.KadKey;

/**
 * How many of the peers nearest to a key are wanted. Usually k. Where somebody has put peers of his own around the key, its k nearest lie
 * much nearer than those of other keys; then all are wanted that lie as near as the k nearest usually do, so that the honest are among
 * them, up to {@link #MAX_WANTED}. Immutable.
 *
 * @param usualBits how many leading bits the k-th nearest server of a key usually shares with it; {@link #UNKNOWN} if that is not known
 */
public record Crowding(int k, int usualBits) {
    /** The most that are wanted: whoever puts more around a key still takes it. */
    public static final int MAX_WANTED = 128;

    /** It is not known how near peers usually lie: k are wanted. */
    public static final int UNKNOWN = KadKey.BITS;

    /** So many more bits than usual the k nearest hardly ever share by chance: it would take four times as many as usual. */
    static final int MARGIN_BITS = 2;

    /**
     * Whether it is settled how many are wanted, going from the nearest outwards: {@code seen}, or k if that is more.
     *
     * @param seen how many lie nearer than the next one
     * @param shared how many leading bits the next one shares with the key
     */
    public boolean endsBefore(int seen, int shared) {
        return seen < k ? shared < usualBits + MARGIN_BITS : shared < usualBits || seen >= MAX_WANTED;
    }
}

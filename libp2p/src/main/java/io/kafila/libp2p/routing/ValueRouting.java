package io.kafila.libp2p.routing;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Small signed records by key, such as {@code /ipns/...} and {@code /pk/...}: whoever asks gets the best of those that are
 * valid. What is valid and what is best, the key's namespace decides. Thread-safe; arguments are not changed and not kept.
 */
public interface ValueRouting {

    /**
     * Stores a value with those who are responsible for its key.
     *
     * @return how many peers have taken it; fails if it is not valid, if a better one is known, or if nobody took it
     */
    CompletableFuture<Integer> putValue(byte[] key, byte[] value);

    /**
     * The best value that can be found, empty if there is none.
     *
     * @param quorum how many peers must have answered with a valid value before the search may end early; 0 asks all who
     *     are responsible
     */
    default CompletableFuture<Optional<byte[]>> getValue(byte[] key, int quorum) {
        return searchValue(key, quorum, better -> {});
    }

    /**
     * As {@link #getValue}, and tells {@code better} of each value that is better than all before it, as it is learnt.
     * Cancelling the future ends the search.
     */
    CompletableFuture<Optional<byte[]>> searchValue(byte[] key, int quorum, Consumer<byte[]> better);
}

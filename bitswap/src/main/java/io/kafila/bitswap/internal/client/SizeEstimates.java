package io.kafila.bitswap.internal.client;

import io.kafila.multiformats.Cid;
import java.util.HashMap;
import java.util.Map;

/** How big a block will be, judged by those of its codec that have come: leaves and inner nodes differ. Confined to its session. */
final class SizeEstimates {
    /** A file has two codecs; a stranger's DAG may not make this grow. */
    private static final int MAX_CODECS = 16;

    private final Map<Long, Double> meanByCodec = new HashMap<>();

    long of(Cid cid) {
        return Math.max(
                1, (long) (double) meanByCodec.getOrDefault(cid.codec(), (double) SessionOptions.INITIAL_BLOCK_BYTES));
    }

    void seen(Cid cid, int size) {
        Double mean = meanByCodec.get(cid.codec());
        if (mean == null) {
            if (meanByCodec.size() < MAX_CODECS) {
                meanByCodec.put(cid.codec(), (double) size);
            }
            return;
        }
        // Up at once by half, down slowly: an estimate that is too low overruns the budget.
        meanByCodec.put(cid.codec(), size > mean ? (mean + size) / 2 : mean + (size - mean) / 8);
    }
}

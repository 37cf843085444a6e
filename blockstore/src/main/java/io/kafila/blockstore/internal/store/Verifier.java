package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.BlockRepository.VerifyReport;
import io.kafila.blockstore.BlockRepository.VerifyResult;
import io.kafila.blockstore.BlockstoreException;
import io.kafila.blockstore.CorruptBlockException;
import io.kafila.blockstore.internal.Keys;
import io.kafila.blockstore.internal.index.Index;
import io.kafila.blockstore.internal.index.Table;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.multiformats.Cid;
import io.kafila.multiformats.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One run over all blocks that hashes each. Confined to its loop.
 *
 * <p>A corrupt copy is written to the quarantine and removed. A reference whose file has changed is reported and stays:
 * it is checked at every read, and the file may come back. So is a block that the disk cannot read now.
 */
final class Verifier {
    private static final int SCAN_STEP = 32;

    private final Index index;
    private final Reader reader;
    private final Committer committer;
    private final Quarantine quarantine;
    private final Counters counters;
    private final Consumer<VerifyResult> progress;

    private final List<VerifyResult> corrupt = new ArrayList<>();
    private byte[] after = new byte[0];
    private long checked;

    Verifier(
            Index index,
            Reader reader,
            Committer committer,
            Quarantine quarantine,
            Counters counters,
            Consumer<VerifyResult> progress) {
        this.index = index;
        this.reader = reader;
        this.committer = committer;
        this.quarantine = quarantine;
        this.counters = counters;
        this.progress = progress;
    }

    CompletableFuture<VerifyReport> run(Loop loop, Runnable check) {
        return loop.run(check, this::step).thenApply(done -> new VerifyReport(checked, List.copyOf(corrupt)));
    }

    private CompletableFuture<Boolean> step() {
        List<Index.Entry> entries = index.scan(Table.BLOCKS, after, false, SCAN_STEP);
        if (entries.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        List<Op> removals = new ArrayList<>();
        for (Index.Entry entry : entries) {
            after = entry.key();
            check(entry.key(), removals);
        }
        return committer.submit(removals).thenApply(done -> true);
    }

    private void check(byte[] key, List<Op> removals) {
        Cid cid = Keys.rawCid(key);
        Location location = reader.look(key);
        if (location == null) {
            return;
        }
        String error = "";
        try (Payload payload = reader.payload(cid, key, location)) {
            if (payload == null) {
                // Moved meanwhile, which checked it; or gone.
                return;
            }
            if (!cid.multihash().verifies(payload)) {
                counters.corruptBlocks.increment();
                error = new CorruptBlockException(cid, reader.place(location)).getMessage() + "; its bytes are in "
                        + quarantine.keep(key, location, payload);
                removals.add(Op.Remove.at(key, location));
            }
        } catch (IOException e) {
            error = "corrupt block " + cid + " in " + reader.place(location) + ", which stays because the quarantine "
                    + "cannot take it: " + e.getMessage();
        } catch (BlockstoreException e) {
            error = String.valueOf(e.getMessage());
        }
        checked++;
        VerifyResult result = new VerifyResult(cid, error);
        if (!error.isEmpty()) {
            corrupt.add(result);
        }
        progress.accept(result);
    }
}

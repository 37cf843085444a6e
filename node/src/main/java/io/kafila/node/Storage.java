package io.kafila.node;

import io.kafila.blockstore.BlockRepository;
import io.kafila.blockstore.BlockRepository.GcReport;
import io.kafila.blockstore.BlockRepository.RepairReport;
import io.kafila.blockstore.BlockRepository.Stat;
import io.kafila.blockstore.BlockRepository.VerifyReport;
import io.kafila.blockstore.BlockRepository.VerifyResult;
import io.kafila.dag.Codecs;
import io.kafila.multiformats.Cid;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The care of the store. Thread-safe; adds and fetches go on meanwhile. */
public final class Storage {
    private final BlockRepository repository;
    private final Codecs codecs;

    Storage(BlockRepository repository, Codecs codecs) {
        this.repository = repository;
        this.codecs = codecs;
    }

    /** Removes what no pin keeps and gives the space back; {@code removed} is told of each block. */
    public CompletableFuture<GcReport> collectGarbage(Consumer<Cid> removed) {
        return repository.collectGarbage(codecs, removed);
    }

    /** Reads and hashes every block; takes corrupt ones out of service. */
    public CompletableFuture<VerifyReport> verify(Consumer<VerifyResult> progress) {
        return repository.verify(progress);
    }

    /** Rebuilds the index from the segments. */
    public CompletableFuture<RepairReport> repair() {
        return repository.repair();
    }

    public CompletableFuture<Stat> stat() {
        return repository.stat();
    }
}

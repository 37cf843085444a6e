package io.kafila.blockstore.internal.store;

import java.util.concurrent.atomic.LongAdder;

/** What the store counts. Thread-safe. */
final class Counters {
    final LongAdder reads = new LongAdder();
    final LongAdder readBytes = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder writtenBytes = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder deletes = new LongAdder();
    final LongAdder groups = new LongAdder();
    final LongAdder forces = new LongAdder();
    final LongAdder corruptBlocks = new LongAdder();
    final LongAdder compactedBytes = new LongAdder();
    final LongAdder freedBytes = new LongAdder();
    final LongAdder tornBytes = new LongAdder();
    final LongAdder writeFailures = new LongAdder();
}

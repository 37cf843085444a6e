package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.disk.Disk;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.segment.SegmentHeader;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates and opens segment files. Thread-safe. */
final class Shelf {
    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);

    private final Disk disk;
    private final Executor cleanup;
    private final Random random;

    /** @param random where the nonces of segments come from */
    Shelf(Disk disk, Executor cleanup, Random random) {
        this.disk = disk;
        this.cleanup = cleanup;
        this.random = random;
    }

    Disk disk() {
        return disk;
    }

    /** Creates a segment with its header, which is durable only after a force of the file and of the folder. */
    Segment create(long id) throws IOException {
        String name = Segment.nameOf(id);
        DiskFile file = disk.create(name);
        SegmentHeader header = new SegmentHeader(id, random.nextLong(), random.nextLong());
        try {
            file.write(List.of(header.encode()), 0);
        } catch (IOException e) {
            discard(file, name, e);
            throw e;
        }
        return new Segment(disk, cleanup, header, file);
    }

    /** Makes what was written to a segment durable, and its name with it. */
    void force(Segment segment, Catalog.@Nullable Entry entry) throws IOException {
        segment.file().force();
        if (entry != null && !entry.named) {
            disk.forceFolder(Segment.FOLDER);
            entry.named = true;
        }
    }

    private void discard(DiskFile file, String name, IOException cause) {
        try {
            file.close();
            disk.delete(name);
        } catch (IOException e) {
            cause.addSuppressed(e);
            LOG.warn("cannot delete the unfinished segment {}: {}", disk.describe(name), e.toString());
        }
    }

    Segment open(SegmentHeader header, DiskFile file) {
        return new Segment(disk, cleanup, header, file);
    }
}

package io.kafila.blockstore.internal.store;

import io.kafila.blockstore.internal.disk.Disk;
import io.kafila.blockstore.internal.disk.DiskFile;
import io.kafila.blockstore.internal.segment.Location;
import io.kafila.multiformats.Multibase;
import io.kafila.multiformats.Payload;
import java.io.IOException;

/** The folder in which the bytes of corrupt blocks are kept for a look. Thread-safe. */
final class Quarantine {
    static final String FOLDER = "quarantine";

    private final Disk disk;

    Quarantine(Disk disk) {
        this.disk = disk;
    }

    /** Writes the bytes aside, durably; answers the file. The caller still owns the payload. */
    String keep(byte[] key, Location location, Payload payload) throws IOException {
        String name = FOLDER + "/" + Multibase.BASE32.encode(key) + "-" + location.birth();
        if (!disk.list(FOLDER).contains(name.substring(FOLDER.length() + 1))) {
            try (DiskFile file = disk.create(name)) {
                file.write(payload.buffers(), 0);
                file.force();
            }
            disk.forceFolder(FOLDER);
        }
        return disk.describe(name);
    }
}

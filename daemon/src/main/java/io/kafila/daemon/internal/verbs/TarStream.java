package io.kafila.daemon.internal.verbs;

import io.kafila.blockstore.Cursor;
import io.kafila.dag.unixfs.TreeEntry;
import io.kafila.dag.unixfs.UnixfsFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tree as a TAR archive (POSIX.1-2001, pax): the form in which {@code get} sends it. One thread. */
final class TarStream {
    private static final int FILE_MODE = 0644;
    private static final int DIRECTORY_MODE = 0755;

    private final TarArchiveOutputStream tar;

    TarStream(OutputStream out) {
        tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    /** Writes every entry below {@code name}, and the end. Closes the cursor, not the stream. */
    void write(Cursor<TreeEntry> entries, String name) throws Exception {
        Pulls.forEach(entries, entry -> write(entry, entry.path().isEmpty() ? name : name + "/" + entry.path()));
        tar.finish();
    }

    private void write(TreeEntry entry, String path) throws Exception {
        switch (entry.kind()) {
            case DIRECTORY -> {
                TarArchiveEntry header = new TarArchiveEntry(path, TarConstants.LF_DIR);
                header.setMode(entry.mode().orElse(DIRECTORY_MODE));
                put(header, entry.mtime());
                tar.closeArchiveEntry();
            }
            case SYMLINK -> {
                TarArchiveEntry header = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
                header.setLinkName(entry.target().orElse(""));
                header.setMode(0777);
                put(header, entry.mtime());
                tar.closeArchiveEntry();
            }
            case FILE -> {
                UnixfsFile file = entry.file().orElseThrow();
                TarArchiveEntry header = new TarArchiveEntry(path, TarConstants.LF_NORMAL);
                header.setSize(file.sizeBytes());
                header.setMode(entry.mode().orElse(FILE_MODE));
                put(header, entry.mtime());
                if (file.sizeBytes() > 0) {
                    Pulls.forEach(file.read(0, file.sizeBytes()), payload -> View.write(payload, tar));
                }
                tar.closeArchiveEntry();
            }
        }
    }

    private void put(TarArchiveEntry header, Optional<Instant> mtime) throws IOException {
        header.setLastModifiedTime(FileTime.from(mtime.orElseGet(Instant::now)));
        tar.putArchiveEntry(header);
    }
}

package io.kafila.blockstore.internal.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The folder of one repository. Names are relative to it, with {@code /} between folder and file. Thread-safe.
 *
 * <p>What is created, renamed or deleted survives a crash of the machine only after {@link #forceFolder}. A disk that
 * is full throws {@link DiskFullException}; other faults are any other {@link IOException}.
 */
public interface Disk {
    /** Creates the folder unless it is there. */
    void createFolder(String folder) throws IOException;

    /** The names of the files in a folder, without the folder, sorted. */
    List<String> list(String folder) throws IOException;

    /** Creates a file, empty, open for reading and writing; one that is there already is an error. */
    DiskFile create(String name) throws IOException;

    /** Opens a file for reading and writing. */
    DiskFile open(String name) throws IOException;

    /** Renames a file, which may be open. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes the names of a folder durable. */
    void forceFolder(String folder) throws IOException;

    /** How many more bytes the file system takes. */
    long usableBytes() throws IOException;

    /**
     * Takes the lock that keeps a second user out, in this process or another, until it is closed.
     *
     * @throws io.kafila.blockstore.RepositoryLockedException if somebody has it
     */
    Closeable lock(String name) throws IOException;

    /** What a person calls the file: its absolute path. */
    String describe(String name);
}

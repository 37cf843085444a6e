package io.kafila.dag.unixfs;

/**
 * Told of an import while it runs, in one thread, in order. A method that blocks holds up the import, which is how a slow
 * consumer slows it down; one that throws fails it.
 */
public interface ImportListener {
    /** Hears nothing. */
    ImportListener NONE = new ImportListener() {};

    /** Bytes of a file were read, {@code readBytes} of it in all: every 256 KiB and at its end. */
    default void progress(String path, long readBytes) {}

    /**
     * An entry has its Cid. In Kubo's order: files and symlinks as they come, then, when the topmost directory is
     * complete, its directories, each after what is in it. Its blocks need not be durable yet.
     */
    default void imported(Imported imported) {}
}

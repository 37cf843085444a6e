package io.kafila.blockstore.exchange;

/** A source of blocks that are not in the store. Thread-safe. */
public interface Exchange extends AutoCloseable {

    /**
     * Opens a session: wants that belong together, such as all blocks of one file, so that what one block teaches about
     * the peers serves the next. The caller closes it, which withdraws its wants.
     */
    FetchSession newSession(FetchOptions options);

    @Override
    void close();
}
